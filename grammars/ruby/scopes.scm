[
  (block)
  (class)
  (do_block)
  (lambda)
  (method)
  (module)
  (singleton_class)
  (singleton_method)
] @scope

; Parameters
(method_parameters (identifier) @binding)
(block_parameters (identifier) @binding)
(lambda_parameters (identifier) @binding)
(destructured_parameter (identifier) @binding)
(optional_parameter name: (identifier) @binding value: (_) @value)
(keyword_parameter name: (identifier) @binding value: (_)? @value)
[
  (block_parameter name: (identifier) @binding)
  (hash_splat_parameter name: (identifier) @binding)
  (splat_parameter name: (identifier) @binding)
]

; Local variables
(assignment left: (identifier) @binding right: (_) @value)
(operator_assignment left: (identifier) @binding right: (_) @value)
(left_assignment_list (identifier) @binding)
(for pattern: (identifier) @binding)
(rescue
  exceptions: (exceptions . (_) @type)?
  variable: (exception_variable (identifier) @binding))
