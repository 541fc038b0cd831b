; Which names Swift code uses.

(call_expression . (simple_identifier) @reference.call)
(call_expression . (navigation_expression
  target: (_) @receiver
  suffix: (navigation_suffix suffix: (simple_identifier) @reference.call)))
(call_expression . (prefix_expression operation: "." target: (simple_identifier) @reference.call))

(type_identifier) @reference.type

(navigation_expression
  target: (_) @receiver
  suffix: (navigation_suffix suffix: (simple_identifier) @reference.member))
(prefix_expression operation: "." target: (simple_identifier) @reference.member)
(pattern "." (simple_identifier) @reference.member)

[
  (_ value: (simple_identifier) @reference.name)
  (_ result: (simple_identifier) @reference.name)
  (_ target: (simple_identifier) @reference.name)
  (_ expr: (simple_identifier) @reference.name)
  (_ lhs: (simple_identifier) @reference.name)
  (_ rhs: (simple_identifier) @reference.name)
  (_ condition: (simple_identifier) @reference.name)
  (_ collection: (simple_identifier) @reference.name)
  (_ if_nil: (simple_identifier) @reference.name)
  (_ if_true: (simple_identifier) @reference.name)
  (_ if_false: (simple_identifier) @reference.name)
  (_ element: (simple_identifier) @reference.name)
  (_ key: (simple_identifier) @reference.name)
  (_ start: (simple_identifier) @reference.name)
  (_ end: (simple_identifier) @reference.name)
  (_ default_value: (simple_identifier) @reference.name)
  (statements (simple_identifier) @reference.name)
  (directly_assignable_expression (simple_identifier) @reference.name)
  (control_transfer_statement (simple_identifier) @reference.name)
]
