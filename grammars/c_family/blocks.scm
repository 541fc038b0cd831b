; Statements: where one ends, a suggestion may end.
(translation_unit (_) @statement)
(compound_statement (_) @statement)
(declaration_list (_) @statement)
(case_statement value: (_) (_) @statement)
(case_statement !value (_) @statement)
(preproc_if condition: (_) (_) @statement)
(preproc_ifdef name: (_) (_) @statement)
(preproc_elif condition: (_) (_) @statement)
(preproc_else (_) @statement)

[
  (compound_statement)
  (declaration_list)
  (enumerator_list)
  (field_declaration_list)
] @block
