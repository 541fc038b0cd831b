; Statements: where one ends, a suggestion may end.

(compilation_unit (_) @statement)
(template_body (_) @statement)
(with_template_body (_) @statement)
(enum_body (_) @statement)
(block (_) @statement)
(indented_block (_) @statement)
(case_block (_) @statement)
(case_clause body: (_) @statement)

[
  (template_body)
  (with_template_body)
  (enum_body)
  (block)
  (indented_block)
  (case_block)
] @block
