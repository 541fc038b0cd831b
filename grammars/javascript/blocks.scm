; Where suggestions may end in JavaScript.

(program (_) @statement)
(statement_block (_) @statement)
(switch_case body: (_) @statement)
(switch_default body: (_) @statement)

; A child of an element is complete like a statement.
(jsx_element [(jsx_element) (jsx_self_closing_element)] @statement)

(class_body [
  (class_static_block)
  (comment)
  (field_definition)
  (method_definition)
] @statement)

[
  (class_body)
  (statement_block)
  (switch_body)
] @block
