; Where names are local in Rust, and which. In patterns, names in lower case are bindings and others
; are constants or variants.

[
  (function_item)
  (function_signature_item)
  (closure_expression)
  (block)
  (if_expression)
  (while_expression)
  (for_expression)
  (match_arm)
  (impl_item)
  (trait_item)
  (struct_item)
  (enum_item)
  (ERROR)
] @scope

(parameter pattern: (identifier) @binding type: (_) @type)
(self_parameter (self) @binding)
(closure_parameters (identifier) @binding)
(type_parameter name: (_) @binding bounds: (trait_bounds . (_) @type)?)
(const_parameter name: (_) @binding type: (_) @type)

(let_declaration pattern: (identifier) @binding type: (_)? @type value: (_)? @value)
(let_declaration
  pattern: (tuple_struct_pattern type: (_) . (identifier) @binding)
  value: (_) @value)
(let_condition
  pattern: (tuple_struct_pattern type: (_) . (identifier) @binding)
  value: (_) @value)

(for_expression pattern: (identifier) @binding)
(match_pattern . (identifier) @binding (#match? @binding "^[a-z_]"))
(match_pattern (tuple_struct_pattern type: (_) (identifier) @binding
  (#match? @binding "^[a-z_]")))
(tuple_pattern (identifier) @binding (#match? @binding "^[a-z_]"))
(tuple_pattern (tuple_struct_pattern type: (_) (identifier) @binding
  (#match? @binding "^[a-z_]")))
(tuple_struct_pattern (tuple_struct_pattern type: (_) (identifier) @binding
  (#match? @binding "^[a-z_]")))
(slice_pattern (identifier) @binding (#match? @binding "^[a-z_]"))
(or_pattern (identifier) @binding (#match? @binding "^[a-z_]"))
(captured_pattern . (identifier) @binding)
(ref_pattern (identifier) @binding)
(mut_pattern (identifier) @binding)
(reference_pattern (identifier) @binding)
(field_pattern name: (shorthand_field_identifier) @binding)
(field_pattern pattern: (identifier) @binding (#match? @binding "^[a-z_]"))
