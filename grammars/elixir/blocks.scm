; Statements: where one ends, a suggestion may end.
[
  (source (_) @statement)
  (do_block (_) @statement)
  (else_block (_) @statement)
  (rescue_block (_) @statement)
  (after_block (_) @statement)
  (catch_block (_) @statement)
  (body (_) @statement)
]

[
  (after_block)
  (catch_block)
  (do_block)
  (else_block)
  (rescue_block)
] @block
