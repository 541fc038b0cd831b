; Statements: where one ends, a suggestion may end.

(source_file (_) @statement)
(statement_list (_) @statement)
(field_declaration_list (_) @statement)
(interface_type [(method_elem) (type_elem)] @statement)
(import_spec_list (_) @statement)
(var_spec_list (_) @statement)
(const_declaration "(" (const_spec) @statement)
(type_declaration "(" [(type_spec) (type_alias)] @statement)
[(expression_case) (type_case) (default_case) (communication_case)] @statement

(block) @block
(field_declaration_list) @block
