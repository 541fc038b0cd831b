; Where names are local in Kotlin, and which.

[
  (class_declaration)
  (function_declaration)
  (anonymous_function)
  (secondary_constructor)
  (getter)
  (setter)
  (lambda_literal)
  (block)
  (for_statement)
  (catch_block)
  (when_expression)
  (ERROR)
] @scope

(type_parameter (identifier) @binding . (_)? @type)
(class_parameter . (modifiers)? . (identifier) @binding . (_) @type)
(parameter (identifier) @binding . (_) @type)
(setter . (identifier) @binding)
(catch_block (identifier) @binding . (_) @type)
(when_subject (variable_declaration (identifier) @binding . (_)? @type) . (_) @value)

(block (property_declaration
  (variable_declaration (identifier) @binding . (_)? @type)
  ("=" . (_) @value)?
  (property_delegate (_) @value)?))
(lambda_literal (property_declaration
  (variable_declaration (identifier) @binding . (_)? @type)
  ("=" . (_) @value)?
  (property_delegate (_) @value)?))
(ERROR (property_declaration
  (variable_declaration (identifier) @binding . (_)? @type)
  ("=" . (_) @value)?
  (property_delegate (_) @value)?))
(property_declaration (multi_variable_declaration
  (variable_declaration (identifier) @binding . (_)? @type)))

(lambda_parameters (variable_declaration (identifier) @binding . (_)? @type))
(lambda_parameters (multi_variable_declaration
  (variable_declaration (identifier) @binding . (_)? @type)))
(for_statement (variable_declaration (identifier) @binding . (_)? @type))
(for_statement (multi_variable_declaration
  (variable_declaration (identifier) @binding . (_)? @type)))
