; Statements: where one ends, a suggestion may end.
[
  (haskell (header) @statement)
  (imports (_) @statement)
  (declarations (_) @statement)
  (class_declarations (_) @statement)
  (instance_declarations (_) @statement)
  (local_binds (_) @statement)
  (do (_) @statement)
]

[
  (class_declarations)
  (do)
  (instance_declarations)
  (local_binds)
] @block
