(function_definition) @scope

(variable_assignment name: (variable_name) @binding value: (_) @value)
(declaration_command (variable_name) @binding)
(for_statement variable: (variable_name) @binding)
(command
  name: (command_name (word) @_read)
  argument: (word) @binding
  (#eq? @_read "read")
  (#match? @binding "^[A-Za-z_][A-Za-z0-9_]*$"))
