; Statements: where one ends, a suggestion may end.
[
  (document (_) @statement)
  (table (pair) @statement)
  (table_array_element (pair) @statement)
]

[
  (table)
  (table_array_element)
] @block
