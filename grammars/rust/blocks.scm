; Statements: where one ends, a suggestion may end.

(source_file (_) @statement)
(declaration_list (_) @statement)
(block (_) @statement)
(field_declaration_list (_) @statement)
(enum_variant_list (_) @statement)
(match_block (_) @statement)

(block) @block
(declaration_list) @block
(field_declaration_list) @block
(enum_variant_list) @block
(match_block) @block
