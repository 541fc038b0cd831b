[
  (catch_clause)
  (compound_statement)
  (for_range_loop)
  (for_statement)
  (function_definition)
  (if_statement)
  (lambda_expression)
  (switch_statement)
  (template_declaration)
  (while_statement)
] @scope

; The parameters of a prototype are known in it alone.
(declaration declarator: (function_declarator parameters: (_) @scope))
(declaration declarator: (_ (function_declarator parameters: (_) @scope)))
(field_declaration declarator: (function_declarator parameters: (_) @scope))
(field_declaration declarator: (_ (function_declarator parameters: (_) @scope)))
(type_definition declarator: (function_declarator parameters: (_) @scope))
(parameter_declaration declarator: (function_declarator parameters: (_) @scope))
(abstract_function_declarator) @scope

; Parameters
([
  (parameter_declaration
    type: (_) @type
    declarator: [
      (identifier) @binding
      (array_declarator declarator: (identifier) @binding)
      (pointer_declarator declarator: (identifier) @binding)
      (pointer_declarator declarator: (array_declarator declarator: (identifier) @binding))
      (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @binding))
      (reference_declarator (identifier) @binding)
    ])
  (optional_parameter_declaration
    type: (_) @type
    declarator: [
      (identifier) @binding
      (pointer_declarator declarator: (identifier) @binding)
      (reference_declarator (identifier) @binding)
    ]
    default_value: (_) @value)
  (variadic_parameter_declaration
    type: (_) @type
    declarator: [
      (variadic_declarator (identifier) @binding)
      (reference_declarator (variadic_declarator (identifier) @binding))
    ])
])
[
  (type_parameter_declaration (type_identifier) @binding)
  (variadic_type_parameter_declaration (type_identifier) @binding)
  (optional_type_parameter_declaration name: (type_identifier) @binding)
]
(lambda_capture_initializer left: (identifier) @binding right: (_) @value)

; Local variables
(declaration
  type: (_) @type
  declarator: [
    (identifier) @binding
    (array_declarator declarator: (identifier) @binding)
    (pointer_declarator declarator: (identifier) @binding)
    (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @binding))
    (structured_binding_declarator (identifier) @binding)
    (init_declarator
      declarator: [
        (identifier) @binding
        (array_declarator declarator: (identifier) @binding)
        (pointer_declarator declarator: (identifier) @binding)
        (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @binding))
        (reference_declarator (identifier) @binding)
        (structured_binding_declarator (identifier) @binding)
        (reference_declarator (structured_binding_declarator (identifier) @binding))
      ]
      value: (_) @value)
  ])
(compound_statement
  (declaration
    type: (_) @type
    declarator: (function_declarator declarator: (identifier) @binding)))
(for_range_loop
  type: (_) @type
  declarator: [
    (identifier) @binding
    (pointer_declarator declarator: (identifier) @binding)
    (reference_declarator (identifier) @binding)
    (structured_binding_declarator (identifier) @binding)
    (reference_declarator (structured_binding_declarator (identifier) @binding))
  ])
