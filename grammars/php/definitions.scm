; What a PHP file defines. Properties are named without `$`, as they are used after `->`.

(namespace_definition name: (_) @name body: (_)? @body) @definition.module

; Types; a trait that a class uses is a base.

[
  (class_declaration name: (_) @name body: (_) @body)
  (trait_declaration name: (_) @name body: (_) @body)
] @definition.class
(interface_declaration name: (_) @name body: (_) @body) @definition.interface
(enum_declaration name: (_) @name body: (_) @body) @definition.enum

(_ name: (name) @name (base_clause [(name) (qualified_name)] @base))
(_ name: (name) @name (class_interface_clause [(name) (qualified_name)] @base))
(_
  name: (name) @name
  body: (_ (use_declaration [(name) (qualified_name)] @base)))

; Functions and methods

(function_definition name: (_) @name return_type: (_)? @type body: (_) @body) @definition.function
(method_declaration name: (_) @name return_type: (_)? @type body: (_)? @body) @definition.method

; Properties, also those that a constructor's parameters make

(property_declaration
  type: (_)? @type
  (property_element
    name: (variable_name (name) @name)
    default_value: (_)? @value)) @definition.field

(property_declaration
  (property_element name: (variable_name (name) @name))
  .
  (property_hook_list) @body)

(property_promotion_parameter
  type: (_)? @type
  name: (variable_name (name) @name)
  default_value: (_)? @value) @definition.field

; Constants

(const_declaration
  type: (_)? @type
  (const_element . (name) @name . (_) @value)) @definition.constant

(enum_case name: (_) @name value: (_)? @value) @definition.field

((expression_statement (function_call_expression
  function: (name) @_define
  arguments: (arguments
    . (argument [
      (string (string_content) @name)
      (encapsed_string (string_content) @name)
    ])
    . (argument (_) @value)))) @definition.constant
  (#eq? @_define "define"))

; Variables outside functions and namespaces in braces

(program (expression_statement (assignment_expression
  left: (variable_name) @name
  right: (_) @value)) @definition.variable)
