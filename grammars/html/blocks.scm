; Where suggestions may end in HTML.

(document (_) @statement)
(element [
  (comment)
  (element)
  (script_element)
  (style_element)
] @statement)

(element (end_tag)) @block

[(script_element) (style_element)] @block
