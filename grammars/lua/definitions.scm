; A table is the nearest thing to a class: what is in `M` or added to it has `M` as its container.

; Functions
(function_declaration name: (identifier) @name body: (_)? @body) @definition.function
(function_declaration
  name: (dot_index_expression table: (_) @container field: (identifier) @name)
  body: (_)? @body) @definition.function
(function_declaration
  name: (method_index_expression table: (_) @container method: (identifier) @name)
  body: (_)? @body) @definition.method
(variable_declaration
  (assignment_statement
    (variable_list . name: (identifier) @name .)
    (expression_list . value: (function_definition body: (_)? @body)))) @definition.function
((chunk
  (assignment_statement
    (variable_list
      . name: [
        (identifier) @name
        (dot_index_expression table: (_) @container field: (identifier) @name)
      ] .)
    (expression_list . value: (function_definition body: (_)? @body))) @definition.function))

; Members; what a method sets of `self` is one of its table.
((chunk
  (assignment_statement
    (variable_list . name: (dot_index_expression table: (_) @container field: (identifier) @name) .)
    (expression_list . value: (_) @value)) @definition.field)
  (#not-match? @value "^function\\b"))
((assignment_statement
  (variable_list
    . name: (dot_index_expression table: (identifier) @_self field: (identifier) @name) .)
  (expression_list . value: (_) @value)) @definition.field
  (#eq? @_self "self"))

; Tables that a file makes or returns, one level deep
[
  (chunk
    (variable_declaration
      (assignment_statement
        (expression_list
          (table_constructor
            (field
              name: (identifier) @name
              value: (function_definition body: (_)? @body)) @definition.function)))))
  (chunk
    (assignment_statement
      (expression_list
        (table_constructor
          (field
            name: (identifier) @name
            value: (function_definition body: (_)? @body)) @definition.function))))
  (chunk
    (return_statement
      (expression_list
        (table_constructor
          (field
            name: (identifier) @name
            value: (function_definition body: (_)? @body)) @definition.function))))
]
([
  (chunk
    (variable_declaration
      (assignment_statement
        (expression_list
          (table_constructor
            (field name: (identifier) @name value: (_) @value) @definition.field)))))
  (chunk
    (assignment_statement
      (expression_list
        (table_constructor (field name: (identifier) @name value: (_) @value) @definition.field))))
  (chunk
    (return_statement
      (expression_list
        (table_constructor (field name: (identifier) @name value: (_) @value) @definition.field))))
]
  (#not-match? @value "^function\\b"))

; Variables; what `require` gives is an import.
((chunk [
  (variable_declaration
    (assignment_statement
      (variable_list . name: (identifier) @name)
      (expression_list . value: (_) @value)))
  (assignment_statement
    (variable_list . name: (identifier) @name)
    (expression_list . value: (_) @value))
] @definition.variable)
  (#not-match? @value "^(function|pcall|require)\\b"))
