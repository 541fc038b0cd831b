; Statements: where one ends, a suggestion may end.

(source_file (_) @statement)
(class_body (_) @statement)
(enum_class_body (_) @statement)
(block (_) @statement)
(lambda_literal [(_) (lambda_parameters)] @statement)
(when_entry) @statement

[
  (class_body)
  (enum_class_body)
  (block)
  (lambda_literal)
] @block
