; Statements: where one ends, a suggestion may end.
[
  (source_file (_) @statement)
  (block (_) @statement)
  (struct_declaration (_) @statement)
  (union_declaration (_) @statement)
]

[
  (block)
  (enum_declaration)
  (struct_declaration)
  (union_declaration)
] @block
