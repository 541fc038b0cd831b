; A text block that begins as a database statement is one.

(string_literal (multiline_string_fragment) @injection.content
  (#set! injection.language "sql")
  (#match? @injection.content
    "^\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|WITH)\\s"))
