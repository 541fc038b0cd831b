; Where a JavaScript file uses names. `primary_expression` is what the grammar calls the places of
; expressions, so names that are being defined are left out.

; Elements that are components; lower-case names are elements of the page.
([
  (jsx_opening_element name: (identifier) @reference.call)
  (jsx_self_closing_element name: (identifier) @reference.call)
]
  (#match? @reference.call "^[A-Z]"))

(class_heritage (identifier) @reference.type)
(class_heritage (member_expression object: (_) @receiver property: (_) @reference.type))

(member_expression object: (_) @receiver property: (_) @reference.member)

; `const { name: local } = user` uses a member of `user`.
(variable_declarator
  name: (object_pattern (pair_pattern key: (property_identifier) @reference.member))
  value: (_) @receiver)

(export_statement !source (export_clause (export_specifier name: (identifier) @reference.name)))
(shorthand_property_identifier) @reference.name
(primary_expression/identifier) @reference.name
