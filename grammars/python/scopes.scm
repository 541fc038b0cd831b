[(function_definition) (lambda) (list_comprehension) (set_comprehension)
 (dictionary_comprehension) (generator_expression)] @scope

; Parameters.

(parameters (identifier) @binding)
(lambda_parameters (identifier) @binding)
(default_parameter name: (identifier) @binding value: (_) @value)
(typed_parameter . (identifier) @binding type: (type) @type)
(typed_parameter . (_ (identifier) @binding) type: (type) @type)
(typed_default_parameter name: (identifier) @binding type: (type) @type value: (_) @value)
(parameters [(list_splat_pattern (identifier) @binding) (dictionary_splat_pattern (identifier) @binding)])
(lambda_parameters [(list_splat_pattern (identifier) @binding) (dictionary_splat_pattern (identifier) @binding)])

; Local variables.

(assignment left: (identifier) @binding type: (type)? @type right: (_)? @value)
(assignment left: [(pattern_list (identifier) @binding) (tuple_pattern (identifier) @binding)
  (list_pattern (identifier) @binding)])
(assignment left: (_ [(list_splat_pattern (identifier) @binding)
  (tuple_pattern (identifier) @binding)]))
(named_expression name: (identifier) @binding value: (_) @value)
(for_statement left: [(identifier) @binding (_ (identifier) @binding) (_ (_ (identifier) @binding))])
(for_in_clause left: [(identifier) @binding (_ (identifier) @binding) (_ (_ (identifier) @binding))])
(with_item value: (as_pattern . (_) @value alias: (as_pattern_target (identifier) @binding)))
(with_item value: (as_pattern alias: (as_pattern_target (_ (identifier) @binding))))
(except_clause value: (as_pattern . (_) @type alias: (as_pattern_target (identifier) @binding)))

; Names that a pattern binds.

(case_pattern (dotted_name . (identifier) @binding .))
(as_pattern (case_pattern) (identifier) @binding)
(splat_pattern (identifier) @binding)
(keyword_pattern (_) (dotted_name . (identifier) @binding .))
