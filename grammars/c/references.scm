(call_expression function: (identifier) @reference.call)
(call_expression
  function: (field_expression argument: (_) @receiver field: (field_identifier) @reference.call))
(field_expression argument: (_) @receiver field: (field_identifier) @reference.member)
(field_designator (field_identifier) @reference.member)
(type_identifier) @reference.type
(identifier) @reference.name
