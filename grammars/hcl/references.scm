(function_call . (identifier) @reference.call)
(expression . (variable_expr (identifier)) @receiver . (get_attr (identifier) @reference.member))
(get_attr (identifier) @reference.member)
(variable_expr (identifier) @reference.name)
