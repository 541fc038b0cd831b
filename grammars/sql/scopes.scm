[
  (create_function)
  (statement)
] @scope

(cte . (identifier) @binding)
(relation alias: (identifier) @binding)
(function_argument . (identifier) @binding . (_) @type)
