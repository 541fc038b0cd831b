; Calls; a decorator is one.

(call function: (identifier) @reference.call)
(call function: (attribute object: (_) @receiver attribute: (identifier) @reference.call))
(decorator (identifier) @reference.call)
(decorator (attribute object: (_) @receiver attribute: (identifier) @reference.call))

; Types, in annotations, as base classes and where exceptions are caught.

(type (identifier) @reference.type)
(type (attribute object: (_) @receiver attribute: (identifier) @reference.type))
(generic_type (identifier) @reference.type)
(type (subscript value: (identifier) @reference.type))
(type (binary_operator [(identifier) @reference.type
  (attribute object: (_) @receiver attribute: (identifier) @reference.type)
  (binary_operator (identifier) @reference.type)]))
(class_definition superclasses: (argument_list [
  (identifier) @reference.type
  (subscript value: (identifier) @reference.type)
  (subscript value: (attribute object: (_) @receiver attribute: (identifier) @reference.type))
  (attribute object: (_) @receiver attribute: (identifier) @reference.type)]))
(except_clause value: [
  (identifier) @reference.type
  (tuple (identifier) @reference.type)
  (as_pattern [(identifier) @reference.type (tuple (identifier) @reference.type)])])
(class_pattern (dotted_name (identifier) @reference.type))

; Members; the name of an argument is a member of what is called.

(attribute object: (_) @receiver attribute: (identifier) @reference.member)
(keyword_argument name: (identifier) @reference.member)
(keyword_pattern . (identifier) @reference.member)

(identifier) @reference.name
