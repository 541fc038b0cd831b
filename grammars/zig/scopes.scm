[
  (block)
  (for_statement)
  (function_declaration)
  (if_statement)
  (while_statement)
] @scope

(parameter name: (identifier) @binding type: (_)? @type)
(payload (identifier) @binding)
(block
  (variable_declaration . (identifier) @binding type: (_)? @type (_) @value .))
