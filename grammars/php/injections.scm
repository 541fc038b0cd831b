; The page around the code, and strings whose mark says what they hold: <<<SQL

((text) @injection.content
  (#set! injection.language "html"))

([
  (heredoc
    identifier: (heredoc_start) @injection.language
    value: (heredoc_body) @injection.content)
  (nowdoc
    identifier: (heredoc_start) @injection.language
    value: (nowdoc_body) @injection.content)
]
  (#any-of? @injection.language "CSS" "HTML" "JAVASCRIPT" "JS" "JSON" "MARKDOWN" "SQL" "YAML"))
