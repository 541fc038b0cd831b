(call_expression
  function: [
    (identifier) @reference.call
    (field_expression object: (_) @receiver member: (identifier) @reference.call)
  ])
(field_expression object: (_) @receiver member: (identifier) @reference.member)
(_ type: (identifier) @reference.type)
(pointer_type (identifier) @reference.type)
(nullable_type (identifier) @reference.type)
(identifier) @reference.name
