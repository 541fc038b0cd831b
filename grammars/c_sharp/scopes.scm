[
  (accessor_declaration)
  (anonymous_method_expression)
  (block)
  (catch_clause)
  (class_declaration)
  (constructor_declaration)
  (delegate_declaration)
  (for_statement)
  (foreach_statement)
  (indexer_declaration)
  (interface_declaration)
  (lambda_expression)
  (local_function_statement)
  (method_declaration)
  (operator_declaration)
  (query_expression)
  (record_declaration)
  (struct_declaration)
  (switch_expression_arm)
  (switch_section)
  (using_statement)
] @scope

; Parameters; those of a primary constructor are known in the whole type.
(parameter type: (_)? @type name: (identifier) @binding)
(parameter_list type: (_) @type name: (identifier) @binding)
(implicit_parameter) @binding
(type_parameter name: (identifier) @binding)

; Local variables
(local_declaration_statement
  (variable_declaration
    type: (_) @type
    (variable_declarator name: (identifier) @binding . (_)? @value)))
(for_statement
  initializer: (variable_declaration
    type: (_) @type
    (variable_declarator name: (identifier) @binding . (_)? @value)))
(using_statement
  (variable_declaration
    type: (_) @type
    (variable_declarator name: (identifier) @binding . (_)? @value)))
(foreach_statement type: (_)? @type left: (identifier) @binding)
(tuple_pattern name: (identifier) @binding)
(catch_declaration type: (_) @type name: (identifier) @binding)
(declaration_expression type: (_) @type name: (identifier) @binding)
(declaration_pattern type: (_) @type name: (identifier) @binding)
(recursive_pattern type: (_)? @type name: (identifier) @binding)
(var_pattern name: (identifier) @binding)
(from_clause name: (identifier) @binding)
(let_clause . (identifier) @binding)
