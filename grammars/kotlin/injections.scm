; A text of several lines that begins as a database statement is one.

(multiline_string_literal . (string_content) @injection.content
  (#set! injection.language "sql")
  (#match? @injection.content
    "^\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|WITH)\\s"))
