; Statements: where one ends, a suggestion may end.
(body (_) @statement)

[
  (body)
  (object)
  (tuple)
] @block
