; Attributes and modifiers are parts of the nodes. Properties and events are fields: what matters of
; them is their type.

; Namespaces
(namespace_declaration name: (_) @name body: (_) @body) @definition.module
(file_scoped_namespace_declaration name: (_) @name) @definition.module

; Types
(class_declaration name: (_) @name body: (_)? @body) @definition.class
(record_declaration name: (_) @name body: (_)? @body) @definition.class
(struct_declaration name: (_) @name body: (_)? @body) @definition.class
(interface_declaration name: (_) @name body: (_)? @body) @definition.interface
(enum_declaration name: (_) @name body: (_)? @body) @definition.enum
(delegate_declaration type: (_) @type name: (_) @name) @definition.type
([
  (class_declaration
    name: (_) @name
    (base_list [(generic_name . (_) @base) (identifier) @base (qualified_name) @base]))
  (record_declaration
    name: (_) @name
    (base_list [
      (generic_name . (_) @base)
      (identifier) @base
      (primary_constructor_base_type type: (_) @base)
      (qualified_name) @base
    ]))
  (struct_declaration
    name: (_) @name
    (base_list [(generic_name . (_) @base) (identifier) @base (qualified_name) @base]))
] @definition.class)
(interface_declaration
  name: (_) @name
  (base_list [
    (generic_name . (_) @base)
    (identifier) @base
    (qualified_name) @base
  ])) @definition.interface

; What follows a namespace that holds for the whole file is in it.
(compilation_unit
  (file_scoped_namespace_declaration name: (_) @container)
  [
    (class_declaration name: (_) @name)
    (delegate_declaration name: (_) @name)
    (enum_declaration name: (_) @name)
    (interface_declaration name: (_) @name)
    (record_declaration name: (_) @name)
    (struct_declaration name: (_) @name)
  ])

; Methods
(method_declaration returns: (_) @type name: (_) @name body: (_)? @body) @definition.method
(constructor_declaration name: (_) @name body: (_)? @body) @definition.method
(operator_declaration type: (_) @type operator: _ @name body: (_)? @body) @definition.method
(indexer_declaration type: (_) @type "this" @name accessors: (_)? @body) @definition.method
(local_function_statement type: (_) @type name: (_) @name body: (_)? @body) @definition.function

; Members
(field_declaration
  (variable_declaration
    type: (_) @type
    (variable_declarator name: (_) @name))) @definition.field
(field_declaration
  (variable_declaration (variable_declarator name: (_) @name . (_) @value))) @definition.field
(event_field_declaration
  (variable_declaration
    type: (_) @type
    (variable_declarator name: (_) @name))) @definition.field
(event_declaration type: (_) @type name: (_) @name accessors: (_)? @body) @definition.field
(property_declaration
  type: (_) @type
  name: (_) @name
  accessors: (_)? @body) @definition.field
(property_declaration name: (_) @name "=" . value: (_) @value)
(property_declaration name: (_) @name value: (arrow_expression_clause (_) @value))
(record_declaration
  (parameter_list (parameter type: (_) @type name: (_) @name) @definition.field))
(enum_member_declaration name: (_) @name value: (_)? @value) @definition.constant
