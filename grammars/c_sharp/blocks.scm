; Statements: where one ends, a suggestion may end.
[
  (compilation_unit (_) @statement)
  (declaration_list (_) @statement)
  (block (_) @statement)
  (switch_section [
    (break_statement)
    (continue_statement)
    (expression_statement)
    (for_statement)
    (foreach_statement)
    (if_statement)
    (local_declaration_statement)
    (return_statement)
    (throw_statement)
  ] @statement)
  (accessor_list (_) @statement)
]

[
  (accessor_list)
  (block)
  (declaration_list)
  (enum_member_declaration_list)
  (switch_body)
] @block
