; Where names can be local, and which.

[
  (function_declaration)
  (generator_function_declaration)
  (function_expression)
  (generator_function)
  (arrow_function)
  (method_definition)
  (statement_block)
  (for_statement)
  (for_in_statement)
  (catch_clause)
  (switch_body)
] @scope

(arrow_function parameter: (identifier) @binding)
(for_in_statement kind: _ left: (identifier) @binding)
(catch_clause parameter: (identifier) @binding)

; Names taken out of an object or an array

(shorthand_property_identifier_pattern) @binding
(pair_pattern value: (identifier) @binding)
(pair_pattern value: (assignment_pattern left: (identifier) @binding))
(array_pattern (identifier) @binding)
(array_pattern (assignment_pattern left: (identifier) @binding))
(object_pattern (rest_pattern (identifier) @binding))
(array_pattern (rest_pattern (identifier) @binding))
