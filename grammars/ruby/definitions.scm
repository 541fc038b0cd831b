; A comment at the beginning of a body stands before it in the tree.
[
  (class name: (_) @name . (comment) @body)
  (class name: (_) @name superclass: (_) . (comment) @body)
  (method name: (_) @name . (comment) @body)
  (method name: (_) @name parameters: (_) . (comment) @body)
  (module name: (_) @name . (comment) @body)
  (singleton_method name: (_) @name . (comment) @body)
  (singleton_method name: (_) @name parameters: (_) . (comment) @body)
]

; Modules and classes. Reopened ones count every time.
(module
  name: [
    (constant) @name
    (scope_resolution scope: (_) @container name: (constant) @name)
  ]
  body: (_)? @body) @definition.module
(class
  name: [
    (constant) @name
    (scope_resolution scope: (_) @container name: (constant) @name)
  ]
  superclass: (superclass (_) @base)?
  body: (_)? @body) @definition.class

; What is mixed in counts as a base.
(class
  name: [
    (constant) @name
    (scope_resolution name: (constant) @name)
  ]
  body: (body_statement
    (call
      method: (identifier) @_method
      arguments: (argument_list [(constant) (scope_resolution)] @base)))
  (#any-of? @_method "include" "extend" "prepend")) @definition.class
(module
  name: [
    (constant) @name
    (scope_resolution name: (constant) @name)
  ]
  body: (body_statement
    (call
      method: (identifier) @_method
      arguments: (argument_list [(constant) (scope_resolution)] @base)))
  (#any-of? @_method "include" "extend" "prepend")) @definition.module

; `Point = Struct.new(:x) do … end` makes a class.
(assignment
  left: (constant) @name
  right: (call
    receiver: (constant) @_maker
    method: (identifier) @_method
    block: (_)? @body)
  (#any-of? @_maker "Class" "Data" "Module" "Struct")
  (#any-of? @_method "new" "define")) @definition.class
(assignment
  left: (constant)
  right: (call
    receiver: (constant) @_maker
    method: (identifier) @_method
    arguments: (argument_list (simple_symbol) @name @definition.field))
  (#any-of? @_maker "Data" "Struct")
  (#any-of? @_method "new" "define"))

; Methods. A `def` at the top of a file is a function to whoever reads it.
(program
  (method name: (_) @name body: (_)? @body) @definition.function)
(method name: (_) @name body: (_)? @body) @definition.method
(singleton_method
  object: [(constant) (self)]
  name: (_) @name
  body: (_)? @body) @definition.method
(alias name: (_) @name) @definition.method
(call
  !receiver
  method: (identifier) @_method
  arguments: (argument_list . (simple_symbol) @name)
  (#any-of? @_method "alias_method" "define_method")) @definition.method

; Fields
(call
  !receiver
  method: (identifier) @_method
  arguments: (argument_list [
    (simple_symbol) @name
    (string (string_content) @name)
  ])
  (#any-of? @_method
    "attr" "attr_accessor" "attr_reader" "attr_writer"
    "cattr_accessor" "cattr_reader" "mattr_accessor" "mattr_reader"
    "class_attribute" "thread_mattr_accessor")) @definition.field
([
  (assignment left: [(instance_variable) (class_variable)] @name right: (_) @value)
  (operator_assignment
    left: [(instance_variable) (class_variable)] @name operator: "||=" right: (_) @value)
] @definition.field)

; Values
(assignment left: (constant) @name right: (_) @value) @definition.constant
(assignment left: (left_assignment_list (constant) @name)) @definition.constant
(assignment left: (global_variable) @name right: (_) @value) @definition.variable
