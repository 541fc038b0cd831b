; What a TypeScript file defines. `export` and `declare` belong to a definition. What is exported
; without a name is called `default`.

; Classes

[
  (class_declaration name: (_) @name body: (_) @body)
  (abstract_class_declaration name: (_) @name body: (_) @body)
  (class name: (_) @name body: (_) @body)
  (export_statement [
    (class_declaration name: (_) @name)
    (abstract_class_declaration name: (_) @name)
    (ambient_declaration [
      (class_declaration name: (_) @name)
      (abstract_class_declaration name: (_) @name)
    ])
  ])
  (ambient_declaration [
    (class_declaration name: (_) @name)
    (abstract_class_declaration name: (_) @name)
  ])
  (export_statement "default" @name value: (class !name body: (_) @body))
  (_ (variable_declarator name: (identifier) @name value: (class body: (_) @body)))
] @definition.class

(_
  name: (type_identifier) @name
  (class_heritage [
    (extends_clause value: [(identifier) (member_expression)] @base)
    (implements_clause [(type_identifier) @base (generic_type name: (_) @base)])
  ]))

(export_statement
  "default" @name
  value: (class !name (class_heritage
    (extends_clause value: [(identifier) (member_expression)] @base))))

; Interfaces

[
  (interface_declaration name: (_) @name body: (_) @body)
  (export_statement [
    (interface_declaration name: (_) @name)
    (ambient_declaration (interface_declaration name: (_) @name))
  ])
  (ambient_declaration (interface_declaration name: (_) @name))
] @definition.interface

(interface_declaration
  name: (_) @name
  (extends_type_clause type: [(type_identifier) @base (generic_type name: (_) @base)]))

; Type aliases: those of object types have members, those of intersections also have bases.

[
  (type_alias_declaration name: (_) @name value: (object_type) @body)
  (type_alias_declaration name: (_) @name value: (type) @type)
  (export_statement [
    (type_alias_declaration name: (_) @name)
    (ambient_declaration (type_alias_declaration name: (_) @name))
  ])
  (ambient_declaration (type_alias_declaration name: (_) @name))
] @definition.type

(type_alias_declaration
  name: (_) @name
  value: (intersection_type [(type_identifier) @base (generic_type name: (_) @base)]))

; Enums

[
  (enum_declaration name: (_) @name body: (_) @body)
  (export_statement [
    (enum_declaration name: (_) @name)
    (ambient_declaration (enum_declaration name: (_) @name))
  ])
  (ambient_declaration (enum_declaration name: (_) @name))
] @definition.enum

(enum_body name: (property_identifier) @name @definition.field)
(enum_assignment name: (property_identifier) @name value: (_) @value) @definition.field

; Namespaces and modules

[
  (internal_module name: (_) @name body: (_) @body)
  (expression_statement (internal_module name: (_) @name))
  (export_statement [
    (internal_module name: (_) @name)
    (ambient_declaration (internal_module name: (_) @name))
  ])
  (ambient_declaration [
    (internal_module name: (_) @name)
    (module
      name: [(identifier) @name (nested_identifier) @name (string (string_fragment) @name)]
      body: (_)? @body)
  ])
] @definition.module

; Functions, also as the value of a variable

[
  (function_declaration name: (_) @name return_type: (_ . (_) @type)? body: (_) @body)
  (generator_function_declaration name: (_) @name return_type: (_ . (_) @type)? body: (_) @body)
  (function_signature name: (_) @name return_type: (_ . (_) @type)?)
  (export_statement [
    (function_declaration name: (_) @name)
    (generator_function_declaration name: (_) @name)
    (function_signature name: (_) @name)
    (ambient_declaration (function_signature name: (_) @name))
  ])
  (ambient_declaration (function_signature name: (_) @name))
  (_ (variable_declarator
    name: (identifier) @name
    value: [
      (arrow_function return_type: (_ . (_) @type)? body: (_) @body)
      (function_expression return_type: (_ . (_) @type)? body: (_) @body)
      (generator_function return_type: (_ . (_) @type)? body: (_) @body)
    ]))
  (export_statement (_ (variable_declarator
    name: (identifier) @name
    value: [(arrow_function) (function_expression) (generator_function)])))
  (export_statement
    "default" @name
    value: [
      (arrow_function return_type: (_ . (_) @type)? body: (_) @body)
      (function_expression !name return_type: (_ . (_) @type)? body: (_) @body)
    ])
] @definition.function

; React components in a wrapper: `const Button = forwardRef((props, ref) => …)`
([
  (lexical_declaration (variable_declarator
    name: (identifier) @name
    value: (call_expression
      function: [(identifier) (member_expression)] @_wrapper
      arguments: (arguments . [
        (arrow_function body: (_) @body)
        (function_expression body: (_) @body)
      ]))))
  (export_statement (lexical_declaration (variable_declarator
    name: (identifier) @name
    value: (call_expression
      function: [(identifier) (member_expression)] @_wrapper
      arguments: (arguments . [(arrow_function) (function_expression)])))))
] @definition.function
  (#any-of? @_wrapper
    "memo" "forwardRef" "React.memo" "React.forwardRef" "observer" "component$"))

; Constants and variables outside functions. What comes from `require` is imported.

(export_statement
  declaration: [
    (lexical_declaration
      kind: "const"
      (variable_declarator name: (identifier) @name type: (_ . (_) @type)? value: (_)? @value))
    (_ (variable_declarator name: (object_pattern [
      (shorthand_property_identifier_pattern) @name
      (pair_pattern value: (identifier) @name)
    ])))
  ]) @definition.constant

(export_statement
  "default" @name
  value: [(array) (call_expression) (new_expression) (object)] @value) @definition.constant

(export_statement
  declaration: (_ (variable_declarator
    name: (identifier) @name
    type: (_ . (_) @type)?
    value: (_)? @value))) @definition.variable

(program
  (lexical_declaration
    kind: "const"
    (variable_declarator
      name: (identifier) @name
      type: (_ . (_) @type)?
      value: (_) @value)) @definition.constant
  (#not-match? @value "^require\\("))

(program
  (_ (variable_declarator
    name: (identifier) @name
    type: (_ . (_) @type)?
    value: (_)? @value)) @definition.variable
  (#not-match? @value "^require\\("))

[
  (ambient_declaration
    (_ (variable_declarator name: (identifier) @name type: (_ . (_) @type)?)))
  (export_statement
    (ambient_declaration (_ (variable_declarator name: (identifier) @name))))
] @definition.variable

[
  (internal_module body: (statement_block
    (_ (variable_declarator
      name: (identifier) @name
      type: (_ . (_) @type)?
      value: (_)? @value)) @definition.variable))
  (module body: (statement_block
    (_ (variable_declarator name: (identifier) @name type: (_ . (_) @type)?)) @definition.variable))
  (ambient_declaration (statement_block
    (_ (variable_declarator name: (identifier) @name type: (_ . (_) @type)?)) @definition.variable))
]

; Members. Accessors are fields to those who use them.

(method_definition
  ["get" "set"]
  name: [(property_identifier) (private_property_identifier)] @name
  return_type: (_ . (_) @type)?
  body: (_) @body) @definition.field

(method_signature
  ["get" "set"]
  name: (property_identifier) @name
  return_type: (_ . (_) @type)?) @definition.field

[
  (method_definition
    name: [(property_identifier) (private_property_identifier)] @name
    return_type: (_ . (_) @type)?
    body: (_) @body)
  (method_signature
    name: [(property_identifier) (private_property_identifier)] @name
    return_type: (_ . (_) @type)?)
  (abstract_method_signature
    name: (property_identifier) @name
    return_type: (_ . (_) @type)?)
  (public_field_definition
    name: [(property_identifier) (private_property_identifier)] @name
    value: [
      (arrow_function return_type: (_ . (_) @type)? body: (_) @body)
      (function_expression return_type: (_ . (_) @type)? body: (_) @body)
    ])
  (pair
    key: (property_identifier) @name
    value: [
      (arrow_function return_type: (_ . (_) @type)? body: (_) @body)
      (function_expression return_type: (_ . (_) @type)? body: (_) @body)
    ])
] @definition.method

(class_body
  (decorator)+ @definition.method
  .
  (method_definition
    name: [(property_identifier) (private_property_identifier)] @name) @definition.method)

(public_field_definition
  name: [(property_identifier) (private_property_identifier)] @name
  type: (_ . (_) @type)?
  value: (_)? @value) @definition.field

(interface_body (property_signature
  name: (property_identifier) @name
  type: (_ . (_) @type)?) @definition.field)

(type_alias_declaration value: [
  (object_type (property_signature
    name: (property_identifier) @name
    type: (_ . (_) @type)?) @definition.field)
  (intersection_type (object_type (property_signature
    name: (property_identifier) @name
    type: (_ . (_) @type)?) @definition.field))
])

; A constructor's parameters that are fields as well: `constructor(private readonly store: Store)`
([
  (required_parameter
    [(accessibility_modifier) (override_modifier) "readonly"]
    pattern: (identifier) @name
    type: (_ . (_) @type)?
    value: (_)? @value)
  (optional_parameter
    [(accessibility_modifier) (override_modifier) "readonly"]
    pattern: (identifier) @name
    type: (_ . (_) @type)?)
] @definition.field)

; What is written in an object outside functions
(program [
  (_ (variable_declarator value: [
    (object (pair key: (property_identifier) @name value: (_) @value) @definition.field)
    (as_expression
      (object (pair key: (property_identifier) @name value: (_) @value) @definition.field))
    (satisfies_expression
      (object (pair key: (property_identifier) @name value: (_) @value) @definition.field))
  ]))
  (export_statement [
    (object (pair key: (property_identifier) @name value: (_) @value) @definition.field)
    (_ (variable_declarator value: [
      (object (pair key: (property_identifier) @name value: (_) @value) @definition.field)
      (as_expression
        (object (pair key: (property_identifier) @name value: (_) @value) @definition.field))
      (satisfies_expression
        (object (pair key: (property_identifier) @name value: (_) @value) @definition.field))
    ]))
  ])
])
