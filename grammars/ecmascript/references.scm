; Uses of names that are told by what stands around them; what is left is the languages' own.

(call_expression function: (identifier) @reference.call)
(new_expression constructor: (identifier) @reference.call)
(decorator (identifier) @reference.call)

(call_expression
  function: (member_expression object: (_) @receiver property: (_) @reference.call))
(new_expression
  constructor: (member_expression object: (_) @receiver property: (_) @reference.call))
