[
  (table . [(bare_key) (dotted_key) (quoted_key)] @name)
  (table_array_element . [(bare_key) (dotted_key) (quoted_key)] @name)
] @definition.module
[
  (document (pair . [(bare_key) (dotted_key) (quoted_key)] @name . (_) @value) @definition.field)
  (table (pair . [(bare_key) (dotted_key) (quoted_key)] @name . (_) @value) @definition.field)
]
