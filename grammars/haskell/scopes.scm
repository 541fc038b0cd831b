[
  (alternative)
  (class)
  (do)
  (function)
  (instance)
  (lambda)
  (let_in)
  (list_comprehension)
] @scope
(declarations (bind) @scope)

(patterns (variable) @binding)
(patterns (parens (apply argument: (variable) @binding)))
(alternative pattern: (variable) @binding)
(alternative pattern: (apply argument: (variable) @binding))
(generator pattern: (variable) @binding expression: (_) @value)
(do (bind pattern: (variable) @binding expression: (_) @value))
(do (bind pattern: (tuple (variable) @binding)))
(local_binds [
  (bind name: (variable) @binding)
  (function name: (variable) @binding)
])
