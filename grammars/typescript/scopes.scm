; Where names can be local in TypeScript, and which.

[
  (function_declaration)
  (generator_function_declaration)
  (function_expression)
  (generator_function)
  (arrow_function)
  (method_definition)
  (method_signature)
  (abstract_method_signature)
  (function_signature)
  (call_signature)
  (construct_signature)
  (function_type)
  (constructor_type)
  (statement_block)
  (for_statement)
  (for_in_statement)
  (catch_clause)
  (switch_body)
  (class_declaration)
  (abstract_class_declaration)
  (interface_declaration)
  (type_alias_declaration)
] @scope

; Parameters

(required_parameter
  pattern: [(identifier) @binding (rest_pattern (identifier) @binding)]
  type: (_ . (_) @type)?
  value: (_)? @value)
(optional_parameter
  pattern: (identifier) @binding
  type: (_ . (_) @type)?)
(arrow_function parameter: (identifier) @binding)
(type_parameter name: (_) @binding constraint: (_ . (_) @type)?)

; Variables

(variable_declarator
  name: (identifier) @binding
  type: (_ . (_) @type)?
  value: (_)? @value)
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
