; Where names are local in Go, and which. The first of several names is made from the first value:
; `file, err := open()`.

[
  (function_declaration)
  (method_declaration)
  (func_literal)
  (block)
  (if_statement)
  (for_statement)
  (expression_switch_statement)
  (type_switch_statement)
  (expression_case)
  (type_case)
  (default_case)
  (communication_case)
  (ERROR)
] @scope

(parameter_declaration name: (identifier) @binding type: (_) @type)
(variadic_parameter_declaration name: (identifier) @binding type: (_) @type)
(type_parameter_declaration name: (identifier) @binding type: (_) @type)

(short_var_declaration
  left: (expression_list . (identifier) @binding)
  right: (expression_list . (_) @value))
(short_var_declaration
  left: (expression_list (_) . (identifier) @binding))

(block (statement_list (var_declaration (var_spec
  . name: (identifier) @binding
  type: (_)? @type
  value: (expression_list . (_) @value)?))))
(block (statement_list (var_declaration (var_spec
  (identifier) . name: (identifier) @binding
  type: (_)? @type))))
(block (statement_list (const_declaration (const_spec
  . name: (identifier) @binding
  type: (_)? @type
  value: (expression_list . (_) @value)?))))

(range_clause left: (expression_list (identifier) @binding) ":=")
(receive_statement left: (expression_list (identifier) @binding) ":=")
(type_switch_statement
  alias: (expression_list (identifier) @binding)
  value: (_) @value)
