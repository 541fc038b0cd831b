(call
  target: [
    (identifier) @reference.call
    (dot left: (_) @receiver right: (identifier) @reference.call)
  ])
(dot left: (_) @receiver right: (identifier) @reference.member)
(alias) @reference.type
(identifier) @reference.name
