; A raw text whose delimiter names its language: `R"sql(…)sql"`

((raw_string_literal
  delimiter: (raw_string_delimiter) @injection.language
  (raw_string_content) @injection.content)
  (#match? @injection.language "(?i)^(css|html|json|lua|python|sql|toml|yaml)$"))
