(call receiver: (_) @receiver method: [(constant) (identifier)] @reference.call)
(call !receiver method: [(constant) (identifier)] @reference.call)
(scope_resolution scope: (_) @receiver name: (constant) @reference.type)
(constant) @reference.type
[
  (class_variable)
  (instance_variable)
] @reference.member
[
  (global_variable)
  (identifier)
] @reference.name
