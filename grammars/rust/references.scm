; Which names Rust code uses. What stands before `::` in an expression is taken as a type.

(call_expression function: [
  (identifier) @reference.call
  (field_expression value: (_) @receiver field: (field_identifier) @reference.call)
  (scoped_identifier path: (_)? @receiver name: (_) @reference.call)
  (generic_function function: [
    (identifier) @reference.call
    (field_expression value: (_) @receiver field: (field_identifier) @reference.call)
    (scoped_identifier path: (_)? @receiver name: (_) @reference.call)
  ])
])
(macro_invocation macro: [
  (identifier) @reference.call
  (scoped_identifier path: (_)? @receiver name: (_) @reference.call)
])

(scoped_type_identifier path: (_)? @receiver name: (_) @reference.type)
(scoped_type_identifier path: (identifier) @reference.type)
(type_identifier) @reference.type
(_expression/scoped_identifier path: [
  (identifier) @reference.type
  (scoped_identifier path: (_)? @receiver name: (_) @reference.type)
])
(_pattern/scoped_identifier path: [
  (identifier) @reference.type
  (scoped_identifier path: (_)? @receiver name: (_) @reference.type)
])
(tuple_struct_pattern type: (scoped_identifier path: [
  (identifier) @reference.type
  (scoped_identifier path: (_)? @receiver name: (_) @reference.type)
]))

(field_expression value: (_) @receiver field: (field_identifier) @reference.member)
(_expression/scoped_identifier path: (_)? @receiver name: (_) @reference.member)
(_pattern/scoped_identifier path: (_)? @receiver name: (_) @reference.member)
(tuple_struct_pattern type: (scoped_identifier path: (_)? @receiver name: (_) @reference.member))
(field_initializer field: (_) @reference.member)
(field_pattern name: (field_identifier) @reference.member)

(tuple_struct_pattern type: (identifier) @reference.name)
(shorthand_field_initializer (identifier) @reference.name)
(token_tree (identifier) @reference.name)
(_expression/identifier) @reference.name
(_pattern/identifier) @reference.name
