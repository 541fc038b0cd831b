; The signature is the definition of a function. Of one without, the first equation is, which is the
; one after something of another name.
(header module: (module) @name) @definition.module
(declarations (signature name: (variable) @name type: (_) @type) @definition.function)
(declarations
  (_ name: (_) @_before)
  . [(bind name: (variable) @name) (function name: (variable) @name)] @definition.function
  (#not-eq? @_before @name))
(declarations
  . [(bind name: (variable) @name) (function name: (variable) @name)] @definition.function)

; Types
(data_type name: (_) @name constructors: (_)? @body) @definition.class
(newtype name: (_) @name constructor: (_)? @body) @definition.class
(type_synonym name: (_) @name type: (_) @value) @definition.type
(data_constructor constructor: (_ name: (constructor) @name)) @definition.constant
(newtype_constructor name: (constructor) @name) @definition.constant
(field name: (field_name (variable) @name) type: (_) @type) @definition.field

; Classes
(class name: (_) @name declarations: (_)? @body) @definition.interface
(class_declarations (signature name: (variable) @name type: (_) @type) @definition.method)
(instance
  name: (_) @base
  patterns: (type_patterns . [(name) @name (parens (apply . (name) @name))])) @extension
