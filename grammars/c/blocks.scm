(field_declaration_list (_) @statement)
