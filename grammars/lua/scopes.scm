[
  (block)
  (for_statement)
  (function_declaration)
  (function_definition)
  (repeat_statement)
] @scope

(parameters name: (identifier) @binding)
(for_numeric_clause name: (identifier) @binding)
(for_generic_clause (variable_list name: (identifier) @binding))
(variable_declaration
  (assignment_statement
    (variable_list . name: (identifier) @binding .)
    (expression_list . value: (_) @value)))
(variable_declaration (assignment_statement (variable_list name: (identifier) @binding)))
(variable_declaration (variable_list name: (identifier) @binding))
