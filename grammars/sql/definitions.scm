; Tables and views
(create_table (object_reference name: (_) @name) (column_definitions)? @body) @definition.class
(create_view (object_reference name: (_) @name) (create_query)? @body) @definition.class
(create_materialized_view
  (object_reference name: (_) @name) (create_query)? @body) @definition.class
(column_definitions (column_definition name: (_) @name type: (_) @type) @definition.field)
(alter_table
  (object_reference name: (_) @container)
  (add_column (column_definition name: (_) @name type: (_) @type)) @definition.field)

; Types and functions
(create_type (object_reference name: (_) @name)) @definition.type
(create_function (object_reference name: (_) @name) (function_body)? @body) @definition.function
