; Statements: where one ends, a suggestion may end.

(program (_) @statement)
(class_body (_) @statement)
(interface_body (_) @statement)
(annotation_type_body (_) @statement)
(enum_body (enum_constant) @statement)
(enum_body_declarations (_) @statement)
(block (_) @statement)
(constructor_body (_) @statement)
(switch_block (_) @statement)
(switch_block_statement_group (switch_label) (_) @statement)

[
  (class_body)
  (interface_body)
  (annotation_type_body)
  (enum_body)
  (block)
  (constructor_body)
  (switch_block)
] @block
