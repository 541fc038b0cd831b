; Where names are local in Swift, and which. What `guard` binds is known in the block around it.

[
  (class_declaration)
  (protocol_declaration)
  (function_declaration)
  (protocol_function_declaration)
  (init_declaration)
  (subscript_declaration)
  (computed_setter)
  (lambda_literal)
  (statements)
  (if_statement)
  (for_statement)
  (while_statement)
  (catch_block)
  (switch_entry)
  (ERROR)
] @scope

(type_parameter (type_identifier) @binding ":" . (_) @type)
(type_parameter (type_identifier) @binding)
(parameter name: (simple_identifier) @binding ":" . (parameter_modifiers)? . (_) @type)
(lambda_parameter name: (simple_identifier) @binding)
(lambda_parameter name: (simple_identifier) @binding ":" . (_) @type)
(capture_list_item name: (simple_identifier) @binding value: (_)? @value)
(computed_setter (simple_identifier) @binding)

(statements (property_declaration
  name: (pattern bound_identifier: (simple_identifier) @binding) .
  (type_annotation (_) @type)? .
  value: (_)? @value))
(ERROR (property_declaration
  name: (pattern bound_identifier: (simple_identifier) @binding) .
  (type_annotation (_) @type)? .
  value: (_)? @value))
(property_declaration name: (pattern (pattern (simple_identifier) @binding)))

; `if let`, `guard var`, `case let`.
(_ (value_binding_pattern) . bound_identifier: (simple_identifier) @binding)
((value_binding_pattern) . (simple_identifier) @binding . "=" . (_) @value)

(for_statement item: (pattern bound_identifier: (simple_identifier) @binding))
(for_statement item: (pattern (pattern (simple_identifier) @binding)))
(catch_block error: (pattern
  (pattern bound_identifier: (simple_identifier) @binding)
  (user_type) @type))
(pattern (value_binding_pattern) (pattern (simple_identifier) @binding))
