const char* statement = R"sql(
SELECT name FROM probes
)sql";
const char* pattern = R"re(\d+)re";
