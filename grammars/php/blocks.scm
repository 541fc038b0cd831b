; Where suggestions may end in PHP.

(program [(comment) (statement) (text)] @statement)
(compound_statement [(comment) (statement)] @statement)
(colon_block [(comment) (statement)] @statement)
(declaration_list (_) @statement)
(enum_declaration_list (_) @statement)
(case_statement (statement) @statement)
(default_statement (statement) @statement)

[
  (colon_block)
  (compound_statement)
  (declaration_list)
  (enum_declaration_list)
  (match_block)
  (switch_block)
] @block
