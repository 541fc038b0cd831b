class Store
{
    string query = """
        SELECT name FROM probes
        """;
    string other = """
        nothing
        """;
}
