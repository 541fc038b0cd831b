; Which names Kotlin code uses.

(call_expression . (identifier) @reference.call)
(call_expression . (navigation_expression . (_) @receiver (identifier) @reference.call .))
(infix_expression . (_) @receiver . (identifier) @reference.call)

(user_type (identifier) @reference.type . (type_arguments)? .)

(navigation_expression . (_) @receiver (identifier) @reference.member .)

(callable_reference (identifier) @reference.name)
(expression/identifier) @reference.name
(primary_expression/identifier) @reference.name
