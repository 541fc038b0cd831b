[
  (method_signature)
  (abstract_method_signature)
  (function_signature)
  (call_signature)
  (construct_signature)
  (function_type)
  (constructor_type)
  (class_declaration)
  (abstract_class_declaration)
  (interface_declaration)
  (type_alias_declaration)
] @scope

; Parameters

(required_parameter
  pattern: [(identifier) @binding (rest_pattern (identifier) @binding)]
  type: (_ . (_) @type)?
  value: (_)? @value)
(optional_parameter
  pattern: (identifier) @binding
  type: (_ . (_) @type)?)
(type_parameter name: (_) @binding constraint: (_ . (_) @type)?)

; Variables

(variable_declarator
  name: (identifier) @binding
  type: (_ . (_) @type)?
  value: (_)? @value)
