; What a Go file defines. A declaration that stands alone is taken with its keyword, one of a group
; in brackets without. Struct types are classes. `_` names nothing.

(package_clause (package_identifier) @name) @definition.module

(function_declaration
  name: (identifier) @name
  result: (_)? @type
  body: (_)? @body) @definition.function

(method_declaration
  receiver: (parameter_list
    (parameter_declaration
      type: (_) @container))
  name: (field_identifier) @name
  result: (_)? @type
  body: (_)? @body) @definition.method

; Types

((type_declaration (type_spec
  name: (_) @name
  type: (struct_type (field_declaration_list) @body))) @definition.class
  (#not-match? @definition.class "^type\\s*\\("))

(type_spec
  name: (_) @name
  type: (struct_type (field_declaration_list) @body)) @definition.class

((type_declaration (type_spec
  name: (_) @name
  type: (interface_type "{" @body))) @definition.interface
  (#not-match? @definition.interface "^type\\s*\\("))

(type_spec
  name: (_) @name
  type: (interface_type "{" @body)) @definition.interface

((type_declaration [
  (type_alias name: (_) @name type: (_) @type)
  (type_spec name: (_) @name type: [
    (type_identifier) (qualified_type) (generic_type) (pointer_type) (slice_type) (array_type)
    (map_type) (channel_type) (function_type) (parenthesized_type)
  ] @type)
]) @definition.type
  (#not-match? @definition.type "^type\\s*\\("))

(type_declaration [
  (type_alias name: (_) @name type: (_) @type)
  (type_spec name: (_) @name type: [
    (type_identifier) (qualified_type) (generic_type) (pointer_type) (slice_type) (array_type)
    (map_type) (channel_type) (function_type) (parenthesized_type)
  ] @type)
] @definition.type)

; What is embedded.

(type_spec name: (_) @name type: (struct_type (field_declaration_list
  (field_declaration !name type: [
    (type_identifier) @base
    (qualified_type) @base
    (generic_type type: (_) @base)
  ]))))

(type_spec name: (_) @name type: (interface_type (type_elem . [
  (type_identifier) @base
  (qualified_type) @base
  (generic_type type: (_) @base)
] .)))

; Members

(field_declaration name: (_) @name type: (_) @type) @definition.field

; An embedded type is a field that is called as the type.
(field_declaration !name type: [
  (type_identifier) @name @type
  (qualified_type name: (_) @name) @type
  (generic_type type: (type_identifier) @name) @type
]) @definition.field

(method_elem name: (_) @name result: (_)? @type) @definition.method

; Constants and variables of the package; those of functions are bindings.

(source_file (const_declaration (const_spec
  name: (_) @name
  type: (_)? @type
  value: (expression_list . (_) @value)?)) @definition.constant
  (#not-eq? @name "_")
  (#not-match? @definition.constant "^const\\s*\\("))

(source_file (const_declaration (const_spec
  name: (_) @name
  type: (_)? @type
  value: (expression_list . (_) @value)) @definition.constant)
  (#not-eq? @name "_"))

; Without a value a constant repeats the expression before, so its type is mostly the first one's.
(source_file (const_declaration
  "(" . (comment)* . (const_spec type: (_)? @type)
  (const_spec name: (_) @name !type !value) @definition.constant)
  (#not-eq? @name "_"))

(source_file (var_declaration (var_spec
  name: (_) @name
  type: (_)? @type
  value: (expression_list . (_) @value)?)) @definition.variable
  (#not-eq? @name "_"))

(source_file (var_declaration (var_spec_list (var_spec
  name: (_) @name
  type: (_)? @type
  value: (expression_list . (_) @value)?) @definition.variable))
  (#not-eq? @name "_"))
