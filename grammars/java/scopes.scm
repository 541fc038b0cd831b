; Where names are local in Java, and which.

[
  (class_declaration)
  (record_declaration)
  (interface_declaration)
  (method_declaration)
  (constructor_declaration)
  (compact_constructor_declaration)
  (lambda_expression)
  (block)
  (constructor_body)
  (if_statement)
  (while_statement)
  (for_statement)
  (enhanced_for_statement)
  (try_with_resources_statement)
  (catch_clause)
  (switch_rule)
  (switch_block_statement_group)
  (ERROR)
] @scope

(type_parameter (type_identifier) @binding (type_bound . (_) @type)?)

(method_declaration (formal_parameters
  (formal_parameter type: (_) @type name: (_) @binding)))
(constructor_declaration (formal_parameters
  (formal_parameter type: (_) @type name: (_) @binding)))
(ERROR (formal_parameters
  (formal_parameter type: (_) @type name: (_) @binding)))
(lambda_expression (formal_parameters
  (formal_parameter type: (_) @type name: (_) @binding)))
(spread_parameter (_) @type . (variable_declarator name: (_) @binding))
(lambda_expression parameters: (identifier) @binding)
(inferred_parameters (identifier) @binding)
(catch_formal_parameter (catch_type) @type name: (_) @binding)

; `var` is no type.
(local_variable_declaration
  type: (_) @type
  declarator: (variable_declarator name: (_) @binding)
  (#not-eq? @type "var"))
(local_variable_declaration
  declarator: (variable_declarator name: (_) @binding value: (_)? @value))
(enhanced_for_statement type: (_) @type name: (_) @binding (#not-eq? @type "var"))
(enhanced_for_statement name: (_) @binding)
(resource type: (_) @type name: (_) @binding (#not-eq? @type "var"))
(resource name: (_) @binding value: (_) @value)

(instanceof_expression right: (_) @type name: (_) @binding)
(type_pattern (_) @type . (identifier) @binding)
(record_pattern_component (_) @type . (identifier) @binding (#not-eq? @type "var"))
(record_pattern_component (_) . (identifier) @binding)
