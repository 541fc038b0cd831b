; Where a PHP file uses names. Variables keep their `$`, members are without. `primary_expression`
; is what the grammar calls the places of expressions, so declared properties are left out.

(function_call_expression function: (name) @reference.call)
(function_call_expression
  function: (qualified_name prefix: (_)? @receiver (name) @reference.call))
(member_call_expression object: (_) @receiver name: (name) @reference.call)
(nullsafe_member_call_expression object: (_) @receiver name: (name) @reference.call)
(scoped_call_expression scope: (_) @receiver name: (name) @reference.call)
(object_creation_expression [
  (name) @reference.call
  (qualified_name prefix: (_)? @receiver (name) @reference.call)
])
(attribute [
  (name) @reference.call
  (qualified_name prefix: (_)? @receiver (name) @reference.call)
])

(member_access_expression object: (_) @receiver name: (name) @reference.member)
(nullsafe_member_access_expression object: (_) @receiver name: (name) @reference.member)
(scoped_property_access_expression
  scope: (_) @receiver
  name: (variable_name (name) @reference.member))
(class_constant_access_expression . (_) @receiver . (name) @reference.member)

(named_type [
  (name) @reference.type
  (qualified_name prefix: (_)? @receiver (name) @reference.type)
])
(base_clause [(name) @reference.type (qualified_name (name) @reference.type)])
(class_interface_clause [(name) @reference.type (qualified_name (name) @reference.type)])
(use_declaration [(name) @reference.type (qualified_name (name) @reference.type)])
(scoped_call_expression scope: [(name) @reference.type (qualified_name (name) @reference.type)])
(scoped_property_access_expression
  scope: [(name) @reference.type (qualified_name (name) @reference.type)])
(class_constant_access_expression
  . [(name) @reference.type (qualified_name (name) @reference.type)])
(binary_expression
  operator: "instanceof"
  right: [(name) @reference.type (qualified_name (name) @reference.type)])

; `$this` is no name to look up.
([
  (member_access_expression object: (variable_name) @reference.name)
  (member_call_expression object: (variable_name) @reference.name)
  (nullsafe_member_access_expression object: (variable_name) @reference.name)
  (nullsafe_member_call_expression object: (variable_name) @reference.name)
  (scoped_call_expression scope: (variable_name) @reference.name)
]
  (#not-eq? @reference.name "$this"))
(function_call_expression function: (variable_name) @reference.name)
(subscript_expression . (variable_name) @reference.name)
(encapsed_string (variable_name) @reference.name)
(heredoc_body (variable_name) @reference.name)
(primary_expression/variable_name) @reference.name
(primary_expression/name) @reference.name
(primary_expression/qualified_name (name) @reference.name)
