(formal_parameters [
  (identifier) @binding
  (assignment_pattern left: (identifier) @binding right: (_) @value)
  (rest_pattern (identifier) @binding)
])
(variable_declarator name: (identifier) @binding value: (_)? @value)
