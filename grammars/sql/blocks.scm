; Statements: where one ends, a suggestion may end.
(program (_) @statement)

[
  (column_definitions)
  (function_body)
  (subquery)
] @block
