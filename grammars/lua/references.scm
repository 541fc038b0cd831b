(function_call name: (identifier) @reference.call)
(function_call
  name: [
    (dot_index_expression table: (_) @receiver field: (identifier) @reference.call)
    (method_index_expression table: (_) @receiver method: (identifier) @reference.call)
  ])
(dot_index_expression table: (_) @receiver field: (identifier) @reference.member)
(field name: (identifier) @reference.member)
(identifier) @reference.name
