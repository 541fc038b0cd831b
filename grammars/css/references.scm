; Custom properties that are read: `var(--name)`

((call_expression
  (function_name) @_function
  (arguments . (plain_value) @reference.name))
  (#eq? @_function "var"))
