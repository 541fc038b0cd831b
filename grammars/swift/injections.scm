; A text of several lines that begins as a database statement is one.

(multi_line_string_literal . text: (multi_line_str_text) @injection.content
  (#set! injection.language "sql")
  (#match? @injection.content
    "^\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|WITH)\\s"))
