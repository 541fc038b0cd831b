; What a JavaScript file defines. `export` belongs to a definition. What is exported without a name
; is called `default`.

; Classes

[
  (class_declaration name: (_) @name body: (_) @body)
  (class name: (_) @name body: (_) @body)
  (export_statement (class_declaration name: (_) @name))
  (export_statement "default" @name value: (class !name body: (_) @body))
  (_ (variable_declarator name: (identifier) @name value: (class body: (_) @body)))
] @definition.class

([
  (class_declaration name: (_) @name (class_heritage [(identifier) (member_expression)] @base))
  (class name: (_) @name (class_heritage [(identifier) (member_expression)] @base))
  (variable_declarator
    name: (identifier) @name
    value: (class (class_heritage [(identifier) (member_expression)] @base)))
  (export_statement
    "default" @name
    value: (class !name (class_heritage [(identifier) (member_expression)] @base)))
])

; Functions, also as the value of a variable

[
  (function_declaration name: (_) @name body: (_) @body)
  (generator_function_declaration name: (_) @name body: (_) @body)
  (export_statement [
    (function_declaration name: (_) @name)
    (generator_function_declaration name: (_) @name)
  ])
  (_ (variable_declarator
    name: (identifier) @name
    value: [
      (arrow_function body: (_) @body)
      (function_expression body: (_) @body)
      (generator_function body: (_) @body)
    ]))
  (export_statement (_ (variable_declarator
    name: (identifier) @name
    value: [(arrow_function) (function_expression) (generator_function)])))
  (export_statement
    "default" @name
    value: [
      (arrow_function body: (_) @body)
      (function_expression !name body: (_) @body)
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

; What CommonJS exports: `exports.name = …`, `module.exports.name = …`

((expression_statement (assignment_expression
  left: (member_expression object: (_) @_exports property: (property_identifier) @name)
  right: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ])) @definition.function
  (#any-of? @_exports "exports" "module.exports"))

((expression_statement (assignment_expression
  left: (member_expression object: (_) @_exports property: (property_identifier) @name)
  right: (class body: (_) @body))) @definition.class
  (#any-of? @_exports "exports" "module.exports"))

((expression_statement (assignment_expression
  left: (member_expression object: (_) @_exports property: (property_identifier) @name)
  right: (_) @value)) @definition.variable
  (#any-of? @_exports "exports" "module.exports")
  (#not-match? @value "^require\\("))

; Members that are assigned: `Foo.prototype.name = function …`, `app.name = function …`

((expression_statement (assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @container property: (_) @_prototype)
    property: (property_identifier) @name)
  right: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ])) @definition.method
  (#eq? @_prototype "prototype"))

((expression_statement (assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @container property: (_) @_prototype)
    property: (property_identifier) @name)
  right: (_) @value)) @definition.field
  (#eq? @_prototype "prototype"))

((expression_statement (assignment_expression
  left: (member_expression
    object: (identifier) @container
    property: (property_identifier) @name)
  right: [
    (arrow_function body: (_) @body)
    (function_expression body: (_) @body)
    (generator_function body: (_) @body)
  ])) @definition.method
  (#not-any-of? @container "exports" "module"))

(program (expression_statement (assignment_expression
  left: (member_expression object: (identifier) @container property: (property_identifier) @name)
  right: (_) @value)) @definition.field
  (#not-any-of? @container "exports" "module")
  (#not-eq? @name "prototype"))

; `Foo.prototype = { … }`, `Object.assign(Foo.prototype, { … })`
([
  (assignment_expression
    left: (member_expression object: (identifier) @name property: (_) @_prototype)
    right: (object))
  (call_expression
    function: (member_expression object: (identifier))
    arguments: (arguments
      .
      (member_expression object: (identifier) @name property: (_) @_prototype)
      (object)))
] @extension
  (#eq? @_prototype "prototype"))

; Constants and variables outside functions. What comes from `require` is imported.

(export_statement
  declaration: [
    (lexical_declaration
      kind: "const"
      (variable_declarator name: (identifier) @name value: (_)? @value))
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
    value: (_)? @value))) @definition.variable

(program
  (lexical_declaration
    kind: "const"
    (variable_declarator
      name: (identifier) @name
      value: (_) @value)) @definition.constant
  (#not-match? @value "^require\\("))

(program
  (_ (variable_declarator
    name: (identifier) @name
    value: (_)? @value)) @definition.variable
  (#not-match? @value "^require\\("))

; Members of classes and objects. Accessors are fields to those who use them.

(method_definition
  ["get" "set"]
  name: [(property_identifier) (private_property_identifier)] @name
  body: (_) @body) @definition.field

[
  (method_definition
    name: [(property_identifier) (private_property_identifier)] @name
    body: (_) @body)
  (field_definition
    property: [(property_identifier) (private_property_identifier)] @name
    value: [
      (arrow_function body: (_) @body)
      (function_expression body: (_) @body)
    ])
  (pair
    key: (property_identifier) @name
    value: [
      (arrow_function body: (_) @body)
      (function_expression body: (_) @body)
    ])
] @definition.method

(field_definition
  property: [(property_identifier) (private_property_identifier)] @name
  value: (_)? @value) @definition.field

; `this.name = …` in a constructor, that of a class or a function that is used with `new`
((method_definition
  name: (_) @_constructor
  body: (statement_block (expression_statement (assignment_expression
    left: (member_expression object: (this) property: (_) @name)
    right: (_) @value) @definition.field)))
  (#eq? @_constructor "constructor"))

((function_declaration
  name: (_) @container
  body: (statement_block (expression_statement (assignment_expression
    left: (member_expression object: (this) property: (_) @name)
    right: (_) @value) @definition.field)))
  (#match? @container "^[A-Z]"))

; What is written in an object outside functions
(program [
  (_ (variable_declarator
    value: (object (pair key: (property_identifier) @name value: (_) @value) @definition.field)))
  (export_statement [
    (object (pair key: (property_identifier) @name value: (_) @value) @definition.field)
    (_ (variable_declarator
      value: (object (pair key: (property_identifier) @name value: (_) @value) @definition.field)))
  ])
  (expression_statement (assignment_expression
    right: (object (pair key: (property_identifier) @name value: (_) @value) @definition.field)))
])
