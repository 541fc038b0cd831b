; A raw or verbatim text that begins as a database statement is one.

((raw_string_literal (raw_string_content) @injection.content)
  (#set! injection.language "sql")
  (#match? @injection.content
    "^\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|WITH)\\s"))
