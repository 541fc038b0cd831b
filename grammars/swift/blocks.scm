; Statements: where one ends, a suggestion may end.

(source_file (_) @statement)
(class_body (_) @statement)
(enum_class_body (_) @statement)
(protocol_body (_) @statement)
(statements (_) @statement)
[(computed_getter) (computed_setter) (switch_entry)] @statement

[
  (class_body)
  (enum_class_body)
  (protocol_body)
  (statements)
] @block
