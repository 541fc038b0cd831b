; What a Swift file defines. Structures, classes and actors are classes. Initialisers and subscripts
; are methods called `init` and `subscript`; operators are left out.

(class_declaration name: (user_type) @name body: (_) @body) @extension

; Types

(class_declaration name: (type_identifier) @name body: (class_body) @body) @definition.class
(class_declaration name: (type_identifier) @name body: (enum_class_body) @body) @definition.enum
(protocol_declaration name: (_) @name body: (_) @body) @definition.interface

(class_declaration name: (_) @name (inheritance_specifier inherits_from: (user_type
  (type_identifier) @base . (type_arguments)? .)))
(protocol_declaration name: (_) @name (inheritance_specifier inherits_from: (user_type
  (type_identifier) @base . (type_arguments)? .)))

(typealias_declaration name: (type_identifier) @name "=" . (_) @type) @definition.type
(associatedtype_declaration name: (type_identifier) @name) @definition.type

; Functions: patterns for the whole node and a named child of it take seconds to compile.

(function_declaration "func" . (_) @name "(") @definition.function
(protocol_function_declaration "func" . (_) @name "(") @definition.method
("func" . (simple_identifier) @name "->" . (_) @type)
("func" . (simple_identifier) @name (function_body) @body)

(init_declaration "init" @name (function_body)? @body) @definition.method
(subscript_declaration "subscript" @name) @definition.method
(subscript_declaration "subscript" @name "->" . (_) @type)
(subscript_declaration "subscript" @name (computed_property) @body)
(macro_declaration (simple_identifier) @name) @definition.macro

; Values

(enum_entry name: (simple_identifier) @name) @definition.constant
(enum_entry name: (simple_identifier) @name raw_value: (_) @value)

(class_body (property_declaration
  (pattern . (simple_identifier) @name)) @definition.field)
(enum_class_body (property_declaration
  (pattern . (simple_identifier) @name)) @definition.field)
(source_file (property_declaration
  (value_binding_pattern "let") (pattern . (simple_identifier) @name)) @definition.constant)
(source_file (property_declaration
  (value_binding_pattern "var") (pattern . (simple_identifier) @name)) @definition.variable)
(protocol_property_declaration
  (pattern (simple_identifier) @name) (type_annotation (_) @type)) @definition.field

(property_declaration
  (pattern . (simple_identifier) @name) . (type_annotation (_) @type))
(property_declaration
  (pattern . (simple_identifier) @name) . (type_annotation)? . "=" . (_) @value)
(property_declaration
  (pattern . (simple_identifier) @name) [(computed_property) (willset_didset_block)] @body)

; A type that is not closed yet reaches to the end of what is damaged.

(ERROR ["class" "struct" "actor"] @definition.class .
  [(type_identifier) (simple_identifier)] @name (_) @definition.class .)
(ERROR "enum" @definition.enum .
  [(type_identifier) (simple_identifier)] @name (_) @definition.enum .)
(ERROR "protocol" @definition.interface .
  [(type_identifier) (simple_identifier)] @name (_) @definition.interface .)
(ERROR "extension" @extension .
  [(user_type) (simple_identifier)] @name (_) @extension .)
