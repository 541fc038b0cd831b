(invocation_expression
  function: [
    (identifier) @reference.call
    (generic_name (identifier) @reference.call)
    (member_access_expression
      expression: _ @receiver
      name: [(identifier) @reference.call (generic_name (identifier) @reference.call)])
    (conditional_access_expression
      condition: (_) @receiver
      (member_binding_expression
        name: [(identifier) @reference.call (generic_name (identifier) @reference.call)]))
  ])
(member_access_expression expression: _ @receiver name: (identifier) @reference.member)
(conditional_access_expression
  condition: (_) @receiver
  (member_binding_expression name: (identifier) @reference.member))

; Types
(_ type: (identifier) @reference.type)
(_ returns: (identifier) @reference.type)
(attribute name: (identifier) @reference.type)
(attribute name: (qualified_name name: (identifier) @reference.type))
(base_list (identifier) @reference.type)
(base_list (qualified_name qualifier: (_) @receiver name: (identifier) @reference.type))
(generic_name (identifier) @reference.type)
(type_argument_list (identifier) @reference.type)
(type_argument_list
  (qualified_name qualifier: (_) @receiver name: (identifier) @reference.type))
(type_parameter_constraint (identifier) @reference.type)
(_ type: (qualified_name qualifier: (_) @receiver name: (identifier) @reference.type))
(_ returns: (qualified_name qualifier: (_) @receiver name: (identifier) @reference.type))

(identifier) @reference.name
