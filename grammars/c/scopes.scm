[
  (function_definition)
  (compound_statement)
  (for_statement)
] @scope

; The parameters of a prototype are known in it alone.
(declaration declarator: (function_declarator parameters: (_) @scope))
(declaration
  declarator: (pointer_declarator declarator: (function_declarator parameters: (_) @scope)))
(field_declaration declarator: (function_declarator parameters: (_) @scope))
(type_definition declarator: (function_declarator parameters: (_) @scope))
(parameter_declaration declarator: (function_declarator parameters: (_) @scope))
(parameter_declaration declarator: (abstract_function_declarator parameters: (_) @scope))

(parameter_declaration
  type: (_) @type
  declarator: [
    (identifier) @binding
    (array_declarator declarator: (identifier) @binding)
    (pointer_declarator declarator: (identifier) @binding)
    (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @binding))
    (pointer_declarator declarator: (array_declarator declarator: (identifier) @binding))
    (function_declarator
      declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @binding)))
  ])
(declaration
  type: (_) @type
  declarator: [
    (identifier) @binding
    (array_declarator declarator: (identifier) @binding)
    (pointer_declarator declarator: (identifier) @binding)
    (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @binding))
    (pointer_declarator declarator: (array_declarator declarator: (identifier) @binding))
    (init_declarator
      declarator: [
        (identifier) @binding
        (array_declarator declarator: (identifier) @binding)
        (pointer_declarator declarator: (identifier) @binding)
        (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @binding))
        (pointer_declarator declarator: (array_declarator declarator: (identifier) @binding))
      ]
      value: (_) @value)
  ])
