; Fenced code, what a file says of itself at its beginning, and HTML

(fenced_code_block
  (info_string (language) @injection.language)
  (code_fence_content) @injection.content)

((minus_metadata) @injection.content
  (#set! injection.language "yaml"))

((plus_metadata) @injection.content
  (#set! injection.language "toml"))

((html_block) @injection.content
  (#set! injection.language "html"))
