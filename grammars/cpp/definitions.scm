; Prototypes are definitions too: a header's prototype is what a caller sees. A template is taken
; with its `template<…>`, because the larger node counts. Pointers and references before a name are
; any node (`_`), and are followed to the second. `Foo::bar` and `a::Foo::bar` are members of what
; stands before the name.

; `EXPORT_MACRO int name(…)`: the type is in what the grammar cannot read.
([
  (declaration
    type: (_) . (ERROR (identifier) @type)
    declarator: [
      (function_declarator declarator: (_) @name)
      (_ (function_declarator declarator: (_) @name))
    ])
  (field_declaration
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
]
  (#not-any-of? @type "private" "protected" "public"))

; Namespaces
(namespace_definition
  name: [
    (namespace_identifier) @name
    (nested_namespace_specifier) @name
  ]
  body: (_) @body) @definition.module

; Types
([
  (class_specifier
    name: [
      (type_identifier) @name
      (template_type name: (_) @name)
      (qualified_identifier scope: (_) @container name: (type_identifier) @name)
    ]
    body: (_) @body)
  (struct_specifier
    name: [
      (type_identifier) @name
      (template_type name: (_) @name)
      (qualified_identifier scope: (_) @container name: (type_identifier) @name)
    ]
    body: (_) @body)
  (union_specifier name: (type_identifier) @name body: (_) @body)
] @definition.class)
([
  (class_specifier
    name: [(type_identifier) @name (template_type name: (_) @name)]
    (base_class_clause [
      (type_identifier) @base
      (template_type name: (_) @base)
      (qualified_identifier) @base
    ]))
  (struct_specifier
    name: [(type_identifier) @name (template_type name: (_) @name)]
    (base_class_clause [
      (type_identifier) @base
      (template_type name: (_) @base)
      (qualified_identifier) @base
    ]))
] @definition.class)
(template_declaration [
  (class_specifier name: [(type_identifier) @name (template_type name: (_) @name)] body: (_))
  (struct_specifier name: [(type_identifier) @name (template_type name: (_) @name)] body: (_))
  (union_specifier name: (type_identifier) @name body: (_))
]) @definition.class
(enum_specifier
  name: [
    (type_identifier) @name
    (qualified_identifier scope: (_) @container name: (type_identifier) @name)
  ]
  body: (_)) @definition.enum
(concept_definition name: (_) @name) @definition.interface
(template_declaration (concept_definition name: (_) @name)) @definition.interface

; `class EXPORT_MACRO Name : public Base { … }`, which the grammar takes for a damaged function
(function_definition
  type: [
    (class_specifier !body)
    (struct_specifier !body)
  ]
  . declarator: (identifier) @name
  . (ERROR (identifier) @base)?
  body: (compound_statement) @body) @definition.class
(function_definition
  type: [
    (class_specifier !body)
    (struct_specifier !body)
  ]
  . (ERROR . (identifier) @name)
  . declarator: [(identifier) (qualified_identifier)] @base
  body: (compound_statement) @body) @definition.class

; Its methods look like local prototypes.
(function_definition
  type: [
    (class_specifier !body)
    (struct_specifier !body)
  ]
  declarator: (identifier)
  body: (compound_statement [
    (declaration declarator: (function_declarator declarator: (_) @name)) @definition.method
    (declaration declarator: (_ (function_declarator declarator: (_) @name))) @definition.method
    (labeled_statement
      (declaration declarator: (function_declarator declarator: (_) @name)) @definition.method)
    (function_definition
      declarator: (function_declarator declarator: (_) @name)
      body: (_) @body) @definition.method
    (function_definition
      declarator: (_ (function_declarator declarator: (_) @name))
      body: (_) @body) @definition.method
  ]))

; Names of types
(alias_declaration name: (type_identifier) @name type: (_) @type) @definition.type
(template_declaration
  (alias_declaration name: (type_identifier) @name type: (_) @type)) @definition.type

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
    (qualified_identifier) @type
    (sized_type_specifier) @type
    (template_type) @type
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

; A local variable made with arguments, which reads like a prototype
(compound_statement
  (declaration
    declarator: (function_declarator declarator: (identifier) @name)) @definition.variable)

; Functions in a class, which are methods; constructors have no type
(function_definition
  type: (_)? @type
  declarator: [
    (function_declarator declarator: [(field_identifier) (destructor_name)] @name)
    (_ (function_declarator declarator: [(field_identifier) (destructor_name)] @name))
    (_ (_ (function_declarator declarator: [(field_identifier) (destructor_name)] @name)))
  ]
  body: (_)? @body) @definition.function
(field_declaration
  type: (_) @type
  declarator: [
    (function_declarator declarator: [(field_identifier) (operator_name)] @name)
    (_ (function_declarator declarator: [(field_identifier) (operator_name)] @name))
    (_ (_ (function_declarator declarator: [(field_identifier) (operator_name)] @name)))
  ]) @definition.function
(declaration
  declarator: (function_declarator declarator: (destructor_name) @name)) @definition.function
(field_declaration_list [
  (function_definition
    !type
    declarator: (function_declarator declarator: (identifier) @name)
    body: (_)? @body)
  (declaration !type declarator: (function_declarator declarator: (identifier) @name))
] @definition.function)

; Methods outside of their class: `Foo::bar`, `space::Foo::bar`, `one::two::Foo::bar`
(function_definition
  type: (_)? @type
  declarator: [
    (function_declarator
      declarator: (qualified_identifier
        scope: (_) @container
        name: [(destructor_name) (identifier) (operator_name)] @name))
    (_ (function_declarator
      declarator: (qualified_identifier
        scope: (_) @container
        name: [(destructor_name) (identifier) (operator_name)] @name)))
    (_ (_ (function_declarator
      declarator: (qualified_identifier
        scope: (_) @container
        name: [(destructor_name) (identifier) (operator_name)] @name))))
    (function_declarator
      declarator: (qualified_identifier
        name: (qualified_identifier
          scope: (_) @container
          name: [(destructor_name) (identifier) (operator_name)] @name)))
    (_ (function_declarator
      declarator: (qualified_identifier
        name: (qualified_identifier
          scope: (_) @container
          name: [(destructor_name) (identifier) (operator_name)] @name))))
    (function_declarator
      declarator: (qualified_identifier
        name: (qualified_identifier
          name: (qualified_identifier
            scope: (_) @container
            name: [(destructor_name) (identifier) (operator_name)] @name))))
  ]
  body: (_)? @body) @definition.method

; Functions
(function_definition
  type: (_) @type
  declarator: [
    (function_declarator declarator: [(identifier) (operator_name)] @name)
    (_ (function_declarator declarator: [(identifier) (operator_name)] @name))
    (_ (_ (function_declarator declarator: [(identifier) (operator_name)] @name)))
    (function_declarator declarator: (template_function name: (_) @name))
  ]
  body: (_)? @body) @definition.function
(declaration
  type: (_) @type
  declarator: [
    (function_declarator declarator: [(identifier) (operator_name)] @name)
    (_ (function_declarator declarator: [(identifier) (operator_name)] @name))
    (_ (_ (function_declarator declarator: [(identifier) (operator_name)] @name)))
  ]) @definition.function
(template_declaration
  (function_definition
    type: (_)? @type
    declarator: [
      (function_declarator declarator: [(field_identifier) (identifier) (operator_name)] @name)
      (_ (function_declarator declarator: [(field_identifier) (identifier) (operator_name)] @name))
      (_
        (_ (function_declarator declarator: [(field_identifier) (identifier) (operator_name)] @name)))
      (function_declarator declarator: (template_function name: (_) @name))
    ]
    body: (_)? @body)) @definition.function
(template_declaration
  (declaration
    type: (_)? @type
    declarator: [
      (function_declarator declarator: [(identifier) (operator_name)] @name)
      (_ (function_declarator declarator: [(identifier) (operator_name)] @name))
      (_ (_ (function_declarator declarator: [(identifier) (operator_name)] @name)))
    ])) @definition.function

; `TEST(Suite, Name) { … }` and `TEST_CASE("text") { … }`: macros that make functions
([
  (translation_unit
    (function_definition
      !type
      declarator: (function_declarator
        declarator: (identifier)
        parameters: (parameter_list
          . (parameter_declaration type: (type_identifier) @container)
          . (parameter_declaration type: (type_identifier) @name)
          .))
      body: (_) @body) @definition.function)
  (declaration_list
    (function_definition
      !type
      declarator: (function_declarator
        declarator: (identifier)
        parameters: (parameter_list
          . (parameter_declaration type: (type_identifier) @container)
          . (parameter_declaration type: (type_identifier) @name)
          .))
      body: (_) @body) @definition.function)
  (translation_unit
    (expression_statement
      (call_expression
        function: (identifier)
        arguments: (argument_list
          . [(identifier) @name (string_literal (string_content) @name)]))) @definition.function
    . (compound_statement) @definition.function @body)
  (declaration_list
    (expression_statement
      (call_expression
        function: (identifier)
        arguments: (argument_list
          . [(identifier) @name (string_literal (string_content) @name)]))) @definition.function
    . (compound_statement) @definition.function @body)
  (preproc_if
    (expression_statement
      (call_expression
        function: (identifier)
        arguments: (argument_list
          . [(identifier) @name (string_literal (string_content) @name)]))) @definition.function
    . (compound_statement) @definition.function @body)
  (preproc_ifdef
    (expression_statement
      (call_expression
        function: (identifier)
        arguments: (argument_list
          . [(identifier) @name (string_literal (string_content) @name)]))) @definition.function
    . (compound_statement) @definition.function @body)
])

; Members
(field_declaration
  type: (_) @type
  declarator: [
    (field_identifier) @name
    (array_declarator declarator: (field_identifier) @name)
    (pointer_declarator declarator: (field_identifier) @name)
    (pointer_declarator declarator: (array_declarator declarator: (field_identifier) @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (field_identifier) @name))
    (reference_declarator (field_identifier) @name)
    (function_declarator
      declarator: (parenthesized_declarator
        (pointer_declarator declarator: (field_identifier) @name)))
  ]
  default_value: (_)? @value) @definition.field
(enumerator name: (identifier) @name value: (_)? @value) @definition.constant

; Variables
(declaration
  type: (_) @type
  declarator: [
    (identifier) @name
    (array_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (identifier) @name)
    (pointer_declarator declarator: (array_declarator declarator: (identifier) @name))
    (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @name))
    (reference_declarator (identifier) @name)
    (function_declarator
      declarator: (parenthesized_declarator (pointer_declarator declarator: (identifier) @name)))
    (init_declarator
      declarator: [
        (identifier) @name
        (array_declarator declarator: (identifier) @name)
        (pointer_declarator declarator: (identifier) @name)
        (pointer_declarator declarator: (array_declarator declarator: (identifier) @name))
        (pointer_declarator declarator: (pointer_declarator declarator: (identifier) @name))
        (pointer_declarator
          declarator: (pointer_declarator
            declarator: (array_declarator declarator: (identifier) @name)))
        (reference_declarator (identifier) @name)
        (function_declarator
          declarator: (parenthesized_declarator
            (pointer_declarator declarator: (identifier) @name)))
      ]
      value: (_) @value)
  ]) @definition.variable
(template_declaration
  (declaration
    type: (_) @type
    declarator: (init_declarator
      declarator: (identifier) @name value: (_) @value))) @definition.variable

; Macros. Those without a value are flags and guards of headers.
(preproc_def name: (identifier) @name value: (_) @value) @definition.macro
(preproc_function_def name: (identifier) @name value: (_)? @body) @definition.macro
