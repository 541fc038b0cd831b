; A text whose end names its language: `<<SQL … SQL`

((heredoc_redirect
  (heredoc_body) @injection.content
  (heredoc_end) @injection.language)
  (#match? @injection.language 
    "^(BASH|CSS|HTML|JAVASCRIPT|JSON|LUA|PYTHON|RUBY|SH|SQL|TOML|YAML)$"))
