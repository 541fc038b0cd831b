(function_definition name: (word) @name body: (_) @body) @definition.function

(declaration_command
  "readonly"
  (variable_assignment name: (variable_name) @name value: (_) @value)) @definition.constant
(declaration_command
  ["declare" "export" "typeset"]
  (variable_assignment name: (variable_name) @name value: (_) @value)) @definition.variable

; Only assignments that stand alone: `a=1 command` sets `a` for the command.
([
  (program (variable_assignment name: (variable_name) @name value: (_) @value) @definition.variable)
  (list (variable_assignment name: (variable_name) @name value: (_) @value) @definition.variable)
  (do_group
    (variable_assignment name: (variable_name) @name value: (_) @value) @definition.variable)
  (if_statement
    (variable_assignment name: (variable_name) @name value: (_) @value) @definition.variable)
  (elif_clause
    (variable_assignment name: (variable_name) @name value: (_) @value) @definition.variable)
  (else_clause
    (variable_assignment name: (variable_name) @name value: (_) @value) @definition.variable)
  (case_item
    (variable_assignment name: (variable_name) @name value: (_) @value) @definition.variable)
])
