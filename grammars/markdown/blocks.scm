; Where suggestions may end in Markdown.

(section [
  (atx_heading)
  (block_quote)
  (fenced_code_block)
  (html_block)
  (indented_code_block)
  (list)
  (paragraph)
  (pipe_table)
  (setext_heading)
  (thematic_break)
] @statement)
(list (list_item) @statement)

[(fenced_code_block) (list) (section)] @block
