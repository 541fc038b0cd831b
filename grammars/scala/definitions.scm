; What a Scala file defines, in the syntax of versions 2 and 3. Members of an extension or of a
; given instance without a name belong to its type. Parameters of a case class are fields.

(package_clause name: (_) @name body: (_)? @body) @definition.module
(package_object name: (_) @name body: (_) @body) @definition.module

; Types

(class_definition name: (_) @name body: (_)? @body) @definition.class
(object_definition name: (_) @name body: (_)? @body) @definition.class
(trait_definition name: (_) @name body: (_)? @body) @definition.interface
(enum_definition name: (_) @name body: (_) @body) @definition.enum
(type_definition name: (_) @name type: (_)? @type) @definition.type

(class_definition name: (_) @name extend: (extends_clause [
  (type_identifier) @base
  (stable_type_identifier) @base
  (generic_type type: (_) @base)
]))
(object_definition name: (_) @name extend: (extends_clause [
  (type_identifier) @base
  (stable_type_identifier) @base
  (generic_type type: (_) @base)
]))
(trait_definition name: (_) @name extend: (extends_clause [
  (type_identifier) @base
  (stable_type_identifier) @base
  (generic_type type: (_) @base)
]))
(enum_definition name: (_) @name extend: (extends_clause [
  (type_identifier) @base
  (stable_type_identifier) @base
  (generic_type type: (_) @base)
]))

(extension_definition
  parameters: (parameters (parameter type: (_) @name))
  body: (_) @body) @extension
(given_definition !name return_type: (_) @name body: (with_template_body) @body) @extension

; Functions

(function_definition
  name: (_) @name return_type: (_)? @type "="? @body body: (_) @body) @definition.function
(function_declaration name: (_) @name return_type: (_)? @type) @definition.function

; Values

(template_body [
  (val_definition pattern: (identifier) @name type: (_)? @type value: (_) @value)
  (var_definition pattern: (identifier) @name type: (_)? @type value: (_) @value)
  (val_definition pattern: (tuple_pattern (identifier) @name))
  (val_declaration name: (_) @name type: (_) @type)
  (var_declaration name: (_) @name type: (_) @type)
] @definition.field)

(class_definition "case" class_parameters: (class_parameters
  (class_parameter name: (_) @name type: (_) @type) @definition.field))
(full_enum_case class_parameters: (class_parameters
  (class_parameter name: (_) @name type: (_) @type) @definition.field))
(class_parameter ["val" "var"] name: (_) @name type: (_) @type) @definition.field

(simple_enum_case name: (_) @name) @definition.constant
(full_enum_case name: (_) @name) @definition.constant

(given_definition name: (_) @name return_type: (_)? @type body: (_) @body) @definition.variable

(compilation_unit [
  (val_definition pattern: (identifier) @name type: (_)? @type value: (_) @value)
  (var_definition pattern: (identifier) @name type: (_)? @type value: (_) @value)
] @definition.variable)

; A type that is not closed yet reaches to the end of what is damaged.

(ERROR ["class" "object"] @definition.class . (identifier) @name (_) @definition.class .)
(ERROR "trait" @definition.interface . (identifier) @name (_) @definition.interface .)
