(call_expression
  function: [
    (identifier) @reference.call
    (template_function name: (identifier) @reference.call)
    (field_expression argument: (_) @receiver field: (field_identifier) @reference.call)
    (field_expression
      argument: (_) @receiver
      field: (template_method name: (field_identifier) @reference.call))
    (qualified_identifier scope: (_) @receiver name: (identifier) @reference.call)
    (qualified_identifier
      scope: (_) @receiver
      name: (template_function name: (identifier) @reference.call))
    (qualified_identifier
      name: (qualified_identifier scope: (_) @receiver name: (identifier) @reference.call))
  ])
(field_expression argument: (_) @receiver field: (field_identifier) @reference.member)
[
  (field_designator (field_identifier) @reference.member)
  (field_initializer (field_identifier) @reference.member)
]
(qualified_identifier scope: (_) @receiver name: (identifier) @reference.member)
(qualified_identifier scope: (_) @receiver name: (type_identifier) @reference.type)
(type_identifier) @reference.type
[
  (identifier)
  (namespace_identifier)
] @reference.name
