; What a file of data has for those who import it

(document (object (pair
  key: (string (string_content) @name)
  value: (_) @value) @definition.field))
