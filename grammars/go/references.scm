; Which names Go code uses.

(call_expression function: (identifier) @reference.call)
(call_expression function: (selector_expression
  operand: (_) @receiver
  field: (_) @reference.call))
(call_expression function: (index_expression operand: (identifier) @reference.call))

(qualified_type package: (_) @receiver name: (_) @reference.type)
(type_identifier) @reference.type

(selector_expression operand: (_) @receiver field: (_) @reference.member)
(keyed_element . (literal_element (identifier) @reference.member))

(_expression/identifier) @reference.name
