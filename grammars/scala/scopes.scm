; Where names are local in Scala, and which. In patterns, names in lower case are bindings.

[
  (class_definition)
  (trait_definition)
  (enum_definition)
  (full_enum_case)
  (extension_definition)
  (given_definition)
  (function_definition)
  (function_declaration)
  (type_definition)
  (lambda_expression)
  (block)
  (indented_block)
  (case_clause)
  (for_expression)
  (ERROR)
] @scope

(type_parameters name: (identifier) @binding)
(covariant_type_parameter name: (identifier) @binding)
(contravariant_type_parameter name: (identifier) @binding)
(parameter name: (_) @binding type: (_) @type)
(class_parameter name: (_) @binding type: (_) @type)
(self_type . (identifier) @binding (_)? @type)
(lambda_expression parameters: (identifier) @binding)
(binding name: (_) @binding type: (_)? @type)

([
  (block [
    (val_definition pattern: (identifier) @binding type: (_)? @type value: (_) @value)
    (var_definition pattern: (identifier) @binding type: (_)? @type value: (_) @value)
  ])
  (ERROR [
    (val_definition pattern: (identifier) @binding type: (_)? @type value: (_) @value)
    (var_definition pattern: (identifier) @binding type: (_)? @type value: (_) @value)
  ])
  (indented_block [
    (val_definition pattern: (identifier) @binding type: (_)? @type value: (_) @value)
    (var_definition pattern: (identifier) @binding type: (_)? @type value: (_) @value)
  ])
])

(enumerator . (identifier) @binding)
(tuple_pattern (identifier) @binding (#match? @binding "^[a-z_]"))
(case_class_pattern pattern: (identifier) @binding (#match? @binding "^[a-z_]"))
(typed_pattern pattern: (identifier) @binding type: (_) @type)
(capture_pattern name: (identifier) @binding)
(infix_pattern left: (identifier) @binding (#match? @binding "^[a-z_]"))
(infix_pattern right: (identifier) @binding (#match? @binding "^[a-z_]"))
(case_clause pattern: (identifier) @binding (#match? @binding "^[a-z_]"))
