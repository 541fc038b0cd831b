; What a Kotlin file defines. Extensions are members of the type that they are for, and so are
; members of a companion object without a name. Properties in a constructor are fields.

(package_header (qualified_identifier) @name) @definition.module

; Types

(class_declaration name: (_) @name (enum_class_body) @body) @definition.enum
(class_declaration "interface" name: (_) @name (class_body)? @body) @definition.interface
(class_declaration name: (_) @name (class_body)? @body) @definition.class
(object_declaration name: (_) @name (class_body)? @body) @definition.class
(companion_object name: (_) @name (class_body)? @body) @definition.class

(class_declaration (identifier) @name (delegation_specifiers (delegation_specifier [
  (user_type (identifier) @base . (type_arguments)? .)
  (constructor_invocation (user_type (identifier) @base . (type_arguments)? .))
  (explicit_delegation (user_type (identifier) @base . (type_arguments)? .))
])))
(object_declaration (identifier) @name (delegation_specifiers (delegation_specifier [
  (user_type (identifier) @base . (type_arguments)? .)
  (constructor_invocation (user_type (identifier) @base . (type_arguments)? .))
  (explicit_delegation (user_type (identifier) @base . (type_arguments)? .))
])))

(type_alias type: (_) @name "=" . (_) @type) @definition.type

; Functions

(function_declaration
  [(user_type) @container (nullable_type (user_type) @container)] .
  name: (_) @name) @definition.method
(function_declaration name: (_) @name (function_body)? @body) @definition.function
(function_declaration name: (_) @name (function_value_parameters) .
  [(user_type) (nullable_type) (function_type) (parenthesized_type) (non_nullable_type)] @type)

(secondary_constructor "constructor" @name (block)? @body) @definition.method

; Values

(enum_entry (identifier) @name (class_body)? @body) @definition.constant

(property_declaration
  (modifiers (property_modifier "const"))
  (variable_declaration (identifier) @name)) @definition.constant
(property_declaration
  [(user_type) @container (nullable_type (user_type) @container)] .
  (variable_declaration (identifier) @name)) @definition.field
(class_body (property_declaration
  (variable_declaration (identifier) @name)) @definition.field)
(enum_class_body (property_declaration
  (variable_declaration (identifier) @name)) @definition.field)
(source_file (property_declaration [
  (variable_declaration (identifier) @name)
  (multi_variable_declaration (variable_declaration (identifier) @name))
]) @definition.variable)

(property_declaration (variable_declaration (identifier) @name . (_) @type))
(property_declaration (variable_declaration (identifier) @name) "=" . (_) @value)
(property_declaration (variable_declaration (identifier) @name) (property_delegate (_) @value))
(property_declaration (variable_declaration (identifier) @name) [(getter) (setter)] @body)

(class_parameter ["val" "var"] (identifier) @name . (_) @type) @definition.field

; A type that is not closed yet reaches to the end of what is damaged, a function as far as its
; parameters.

(ERROR ["class" "object"] @definition.class . (identifier) @name (_) @definition.class .)
(ERROR "interface" @definition.interface . (identifier) @name (_) @definition.interface .)
(ERROR "fun" @definition.function . (identifier) @name .
  (function_value_parameters) @definition.function)
