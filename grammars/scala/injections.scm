; A text of several lines that begins as a database statement is one, and so is `sql"…"`.

((string) @injection.content
  (#set! injection.language "sql")
  (#match? @injection.content
    "^\"\"\"\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|ALTER|DROP|WITH)\\s"))

(interpolated_string_expression
  interpolator: (identifier) @injection.language
  (interpolated_string) @injection.content
  (#eq? @injection.language "sql"))
