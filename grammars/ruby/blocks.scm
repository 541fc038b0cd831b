; Statements: where one ends, a suggestion may end.
[
  (program (_) @statement)
  (body_statement (_) @statement)
  (block_body (_) @statement)
  (then (_) @statement)
  (else (_) @statement)
  (do (_) @statement)
  (begin (_) @statement)
  (ensure (_) @statement)
]

[
  (begin)
  (block)
  (body_statement)
  (do)
  (do_block)
  (else)
  (ensure)
  (then)
] @block
