; Where suggestions may end in TypeScript.

(program (_) @statement)
(statement_block (_) @statement)
(switch_case body: (_) @statement)
(switch_default body: (_) @statement)
(interface_body (_) @statement)
(object_type (_) @statement)
(enum_body (_) @statement)

; A decorator goes on with what it decorates.
(class_body [
  (abstract_method_signature)
  (class_static_block)
  (comment)
  (index_signature)
  (method_definition)
  (method_signature)
  (public_field_definition)
] @statement)

[
  (class_body)
  (enum_body)
  (interface_body)
  (object_type)
  (statement_block)
  (switch_body)
] @block
