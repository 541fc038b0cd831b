; Where a TypeScript file uses names. `primary_expression` and `type` are what the grammar calls the
; places of expressions and types, so names that are being defined are left out.

(extends_clause value: (identifier) @reference.type)
(extends_clause value: (member_expression object: (_) @receiver property: (_) @reference.type))
(extends_type_clause type: (type_identifier) @reference.type)
(generic_type name: (type_identifier) @reference.type)
(nested_type_identifier module: (_) @receiver name: (_) @reference.type)
(type/type_identifier) @reference.type

(member_expression object: (_) @receiver property: (_) @reference.member)

; `const { name: local } = user` uses a member of `user`.
(variable_declarator
  name: (object_pattern (pair_pattern key: (property_identifier) @reference.member))
  value: (_) @receiver)

(type_query (identifier) @reference.name)
(export_statement !source (export_clause (export_specifier name: (identifier) @reference.name)))
(shorthand_property_identifier) @reference.name
(primary_expression/identifier) @reference.name
