; Statements: where one ends, a suggestion may end.
[
  (block_mapping (_) @statement)
  (block_sequence (_) @statement)
]

[
  (block_mapping)
  (block_sequence)
] @block
