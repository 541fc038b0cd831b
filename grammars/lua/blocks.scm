; Statements: where one ends, a suggestion may end.
[
  (chunk (_) @statement)
  (block (_) @statement)
]

(block) @block
