(apply function: (variable) @reference.call)
(apply function: (qualified module: (_) @receiver id: (variable) @reference.call))
(qualified module: (_) @receiver id: (variable) @reference.member)
(qualified module: (_) @receiver id: (name) @reference.type)
[
  (constructor)
  (name)
] @reference.type
(variable) @reference.name
