; Which names Java code uses. A constructor is used as its type.

(method_invocation object: (_)? @receiver name: (_) @reference.call)

(scoped_type_identifier . (_) @receiver (type_identifier) @reference.type .)
(type_identifier) @reference.type
(record_pattern . (identifier) @reference.type)
[
  (annotation name: (identifier) @reference.type)
  (marker_annotation name: (identifier) @reference.type)
  (annotation name: (scoped_identifier scope: (_) @receiver name: (_) @reference.type))
  (marker_annotation name: (scoped_identifier scope: (_) @receiver name: (_) @reference.type))
]

(field_access object: (_) @receiver field: (identifier) @reference.member)
(method_reference . (_) @receiver (identifier) @reference.member .)

(expression/identifier) @reference.name
(primary_expression/identifier) @reference.name
