; A text whose end names its language: `<<~SQL … SQL`

((heredoc_body
  (heredoc_content) @injection.content
  (heredoc_end) @injection.language)
  (#match? @injection.language "^(BASH|CSS|HTML|JAVASCRIPT|JSON|PYTHON|RUBY|SH|SQL|TOML|YAML)$"))
