; Prototypes are definitions too: a header's prototype is what a caller sees. Pointers before a name
; are followed to the second, which is as far as real code goes; `static` and macros such as
; `EXPORT` are part of the whole node.

; `EXPORT_MACRO int name(…)`: the type is in what the grammar cannot read.
([
  (declaration
    type: (_) . (ERROR (identifier) @type)
    declarator: [
      (function_declarator declarator: (_) @name)
      (_ (function_declarator declarator: (_) @name))
    ])
  (function_definition
    type: (_) . (ERROR (identifier) @type)
    declarator: [
      (function_declarator declarator: (_) @name)
      (_ (function_declarator declarator: (_) @name))
    ])
])

; Functions
(function_definition
  type: (_) @type
  declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    (pointer_declarator
      declarator: (pointer_declarator
        declarator: (function_declarator declarator: (identifier) @name)))
    (attributed_declarator (function_declarator declarator: (identifier) @name))
  ]
  body: (_) @body) @definition.function

(declaration
  type: (_) @type
  declarator: [
    (function_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))
    (pointer_declarator
      declarator: (pointer_declarator
        declarator: (function_declarator declarator: (identifier) @name)))
    (attributed_declarator (function_declarator declarator: (identifier) @name))
  ]) @definition.function

; `TEST(name) { … }`: a macro that makes a function
(function_definition
  type: (type_identifier)
  declarator: (parenthesized_declarator . (identifier) @name)
  body: (_) @body) @definition.function
([
  (translation_unit
    (expression_statement
      (call_expression
        function: (identifier)
        arguments: (argument_list . (identifier) @name))) @definition.function
    . (compound_statement) @definition.function @body)
  (preproc_if
    (expression_statement
      (call_expression
        function: (identifier)
        arguments: (argument_list . (identifier) @name))) @definition.function
    . (compound_statement) @definition.function @body)
  (preproc_ifdef
    (expression_statement
      (call_expression
        function: (identifier)
        arguments: (argument_list . (identifier) @name))) @definition.function
    . (compound_statement) @definition.function @body)
])

; Types
([
  (struct_specifier name: (type_identifier) @name body: (_) @body)
  (union_specifier name: (type_identifier) @name body: (_) @body)
] @definition.class)
(enum_specifier name: (type_identifier) @name body: (_)) @definition.enum

; A struct without a name takes that of its typedef; with one, the typedef is another name for it.
(type_definition
  type: [
    (struct_specifier !name body: (_) @body)
    (union_specifier !name body: (_) @body)
  ]
  declarator: (type_identifier) @name) @definition.class
(type_definition
  type: (enum_specifier !name body: (_))
  declarator: (type_identifier) @name) @definition.enum
(type_definition
  type: [
    (struct_specifier name: (_) @name body: (_))
    (union_specifier name: (_) @name body: (_))
  ]) @definition.class
(type_definition type: (enum_specifier name: (_) @name body: (_))) @definition.enum
((type_definition
  type: [
    (struct_specifier name: (_) @type)
    (union_specifier name: (_) @type)
    (enum_specifier name: (_) @type)
    (primitive_type) @type
    (sized_type_specifier) @type
    (type_identifier) @type
  ]
  declarator: [
    (type_identifier) @name
    (array_declarator declarator: (type_identifier) @name)
    (pointer_declarator declarator: (type_identifier) @name)
  ]) @definition.type
  (#not-eq? @type @name))
(type_definition
  type: (_) @type
  declarator: (function_declarator
    declarator: [
      (type_identifier) @name
      (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name))
    ])) @definition.type

; Members
(field_declaration
  type: (_) @type
  declarator: [
    (field_identifier) @name
    (array_declarator declarator: (field_identifier) @name)
    (pointer_declarator declarator: (field_identifier) @name)
    (pointer_declarator declarator: (pointer_declarator declarator: (field_identifier) @name))
    (pointer_declarator declarator: (array_declarator declarator: (field_identifier) @name))
    (function_declarator
      declarator: (parenthesized_declarator
        (pointer_declarator declarator: (field_identifier) @name)))
  ]) @definition.field
(enumerator name: (identifier) @name value: (_)? @value) @definition.constant

; Variables
(declaration
  type: (_) @type
  declarator: [
    (identifier) @name
    (array_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @name))
    (pointer_declarator declarator: (array_declarator declarator: (identifier) @name))
    (init_declarator
      declarator: [
        (identifier) @name
        (array_declarator declarator: (identifier) @name)
        (pointer_declarator declarator: (identifier) @name)
        (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @name))
        (pointer_declarator
          declarator: (pointer_declarator
            declarator: (array_declarator declarator: (identifier) @name)))
        (pointer_declarator declarator: (array_declarator declarator: (identifier) @name))
        (function_declarator
          declarator: (parenthesized_declarator
            (pointer_declarator declarator: (identifier) @name)))
      ]
      value: (_) @value)
    (function_declarator
      declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @name)))
  ]) @definition.variable

; Macros. Those without a value are flags and guards of headers.
(preproc_def name: (identifier) @name value: (_) @value) @definition.macro
(preproc_function_def name: (identifier) @name value: (_)? @body) @definition.macro
