; What a Java file defines. Constructors are methods that are called as their class, parts of a
; record are fields, fields in capitals are constants.

(package_declaration [(identifier) (scoped_identifier)] @name) @definition.module

; Types

(class_declaration name: (_) @name body: (_) @body) @definition.class
(record_declaration name: (_) @name body: (_) @body) @definition.class
(enum_declaration name: (_) @name body: (_) @body) @definition.enum
(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(annotation_type_declaration name: (_) @name body: (_) @body) @definition.interface

(class_declaration name: (_) @name (superclass [
  (type_identifier) @base
  (scoped_type_identifier) @base
  (generic_type . (_) @base)
]))

(class_declaration name: (_) @name interfaces: (super_interfaces (type_list [
  (type_identifier) @base
  (scoped_type_identifier) @base
  (generic_type . (_) @base)
])))
(record_declaration name: (_) @name interfaces: (super_interfaces (type_list [
  (type_identifier) @base
  (scoped_type_identifier) @base
  (generic_type . (_) @base)
])))
(enum_declaration name: (_) @name interfaces: (super_interfaces (type_list [
  (type_identifier) @base
  (scoped_type_identifier) @base
  (generic_type . (_) @base)
])))
(interface_declaration name: (_) @name (extends_interfaces (type_list [
  (type_identifier) @base
  (scoped_type_identifier) @base
  (generic_type . (_) @base)
])))

; Members

(method_declaration
  type: (_) @type
  name: (_) @name
  body: (_)? @body) @definition.method

(constructor_declaration name: (_) @name body: (_) @body) @definition.method
(compact_constructor_declaration name: (_) @name body: (_) @body) @definition.method
(annotation_type_element_declaration type: (_) @type name: (_) @name) @definition.method

(enum_constant name: (_) @name body: (_)? @body) @definition.constant

(constant_declaration
  type: (_) @type
  declarator: (variable_declarator name: (_) @name value: (_)? @value)) @definition.constant

(field_declaration
  type: (_) @type
  declarator: (variable_declarator name: (_) @name value: (_)? @value)
  (#match? @name "^[A-Z][A-Z0-9_]+$")) @definition.constant

(field_declaration
  type: (_) @type
  declarator: (variable_declarator name: (_) @name value: (_)? @value)) @definition.field

(record_declaration parameters: (formal_parameters
  (formal_parameter type: (_) @type name: (_) @name) @definition.field))
(record_declaration parameters: (formal_parameters
  (spread_parameter (_) @type . (variable_declarator name: (_) @name)) @definition.field))

; A type that is not closed yet reaches to the end of what is damaged, a function as far as its
; parameters.

(ERROR "class" @definition.class . (identifier) @name (_) @definition.class .)
(ERROR "interface" @definition.interface . (identifier) @name (_) @definition.interface .)
(ERROR "enum" @definition.enum . (identifier) @name (_) @definition.enum .)
(ERROR type: (_) @definition.method @type . name: (identifier) @name .
  parameters: (formal_parameters) @definition.method)
