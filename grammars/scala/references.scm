; Which names Scala code uses. Operators are left out.

(call_expression function: [
  (identifier) @reference.call
  (field_expression value: (_) @receiver field: (identifier) @reference.call)
  (generic_function function: (identifier) @reference.call)
  (generic_function function: (field_expression
    value: (_) @receiver
    field: (identifier) @reference.call))
])
(infix_expression left: (_) @receiver operator: (identifier) @reference.call)

(stable_type_identifier . (_) @receiver (type_identifier) @reference.type .)
(type_identifier) @reference.type

(field_expression value: (_) @receiver field: (identifier) @reference.member)
(stable_identifier . (_) @receiver . (identifier) @reference.member .)

(alternative_pattern (identifier) @reference.name)
(case_class_pattern pattern: (identifier) @reference.name)
(case_clause pattern: (identifier) @reference.name)
[
  (expression/identifier) @reference.name
  (field_expression value: (identifier) @reference.name)
  (infix_expression left: (identifier) @reference.name)
  (infix_expression right: (identifier) @reference.name)
  (prefix_expression (identifier) @reference.name)
  (postfix_expression (identifier) @reference.name)
  (method_value (identifier) @reference.name)
  (interpolation (identifier) @reference.name)
]
