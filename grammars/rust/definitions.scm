; What a Rust file defines. Members of an `impl` belong to the type that it is for. Variants of an
; enum are constants in it, fields of a tuple have no names. `mod x;` is an import.

(impl_item
  trait: [
    (type_identifier) @base
    (scoped_type_identifier) @base
    (generic_type type: (_) @base)
  ]?
  type: [
    (type_identifier) @name
    (primitive_type) @name
    (scoped_type_identifier name: (_) @name)
    (generic_type type: (type_identifier) @name)
    (generic_type type: (scoped_type_identifier name: (_) @name))
    (reference_type type: (type_identifier) @name)
    (reference_type type: (primitive_type) @name)
    (reference_type type: (generic_type type: (type_identifier) @name))
    (dynamic_type trait: (type_identifier) @name)
  ]
  body: (_) @body) @extension

(mod_item name: (_) @name body: (_) @body) @definition.module

; Types

(struct_item name: (_) @name body: (field_declaration_list)? @body) @definition.class
(union_item name: (_) @name body: (_) @body) @definition.class
(enum_item name: (_) @name body: (_) @body) @definition.enum

(trait_item name: (_) @name body: (_) @body) @definition.interface
(trait_item name: (_) @name bounds: (trait_bounds [
  (type_identifier) @base
  (scoped_type_identifier) @base
  (generic_type type: (_) @base)
]))

(type_item name: (_) @name type: (_) @type) @definition.type
(associated_type name: (_) @name) @definition.type

; Functions and macros

(function_item
  name: (_) @name
  return_type: (_)? @type
  body: (_) @body) @definition.function
(function_signature_item name: (_) @name return_type: (_)? @type) @definition.function

; The signature goes as far as what the first rule takes.
(macro_definition name: (_) @name . (macro_rule right: (_) @body)?) @definition.macro

; Values

(field_declaration name: (_) @name type: (_) @type) @definition.field
(enum_variant name: (_) @name value: (_)? @value) @definition.constant

(const_item
  name: (_) @name
  type: (_) @type
  value: (_)? @value
  (#not-eq? @name "_")) @definition.constant

(static_item
  name: (_) @name
  type: (_) @type
  value: (_)? @value) @definition.variable

; Attributes belong to what follows, at most four of them: any number is slow on long lists.

((attribute_item) @definition.function .
  (attribute_item)? . (attribute_item)? . (attribute_item)? .
  (function_item name: (_) @name) @definition.function)
((attribute_item) @definition.class .
  (attribute_item)? . (attribute_item)? . (attribute_item)? .
  (struct_item name: (_) @name) @definition.class)
((attribute_item) @definition.enum .
  (attribute_item)? . (attribute_item)? . (attribute_item)? .
  (enum_item name: (_) @name) @definition.enum)
((attribute_item) @definition.interface .
  (attribute_item)? . (attribute_item)? . (attribute_item)? .
  (trait_item name: (_) @name) @definition.interface)
((attribute_item) @definition.module .
  (attribute_item)? . (attribute_item)? . (attribute_item)? .
  (mod_item name: (_) @name body: (_)) @definition.module)
((attribute_item) @definition.macro .
  (attribute_item)? . (attribute_item)? . (attribute_item)? .
  (macro_definition name: (_) @name) @definition.macro)
((attribute_item) @definition.field .
  (attribute_item)? . (attribute_item)? . (attribute_item)? .
  (field_declaration name: (_) @name) @definition.field)
((attribute_item) @definition.constant .
  (attribute_item)? . (attribute_item)? . (attribute_item)? .
  (enum_variant name: (_) @name) @definition.constant)

; What is not closed yet reaches to the end of what is damaged, a function as far as its
; parameters.

(ERROR "impl" @extension . (type_parameters)? . (type_identifier) @name "{" (_) @extension .)
(ERROR "impl" @extension "for" . (type_identifier) @name "{" (_) @extension .)
(ERROR "trait" @definition.interface . (type_identifier) @name (_) @definition.interface .)
(ERROR "mod" @definition.module . (identifier) @name "{" (_) @definition.module .)
(ERROR "fn" @definition.function . (identifier) @name .
  (type_parameters)? . (parameters) @definition.function)
