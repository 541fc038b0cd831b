; Where names can be local in PHP, and which. Variables are known in the whole function, and keep
; their `$`.

[
  (function_definition)
  (method_declaration)
  (anonymous_function)
  (arrow_function)
] @scope

(simple_parameter
  type: (_)? @type
  name: (_) @binding
  default_value: (_)? @value)
(variadic_parameter type: (_)? @type name: (_) @binding)
(property_promotion_parameter
  type: (_)? @type
  name: (variable_name) @binding
  default_value: (_)? @value)

(assignment_expression left: (variable_name) @binding right: (_) @value)
(assignment_expression left: (list_literal (variable_name) @binding))
(foreach_statement (_) . [
  (variable_name) @binding
  (pair (variable_name) @binding)
  (list_literal (variable_name) @binding)
  (by_ref (variable_name) @binding)
])
(catch_clause type: (_) @type name: (_) @binding)
(anonymous_function_use_clause [
  (variable_name) @binding
  (by_ref (variable_name) @binding)
])
(global_declaration (variable_name) @binding)
(static_variable_declaration name: (_) @binding value: (_)? @value)
