; Types are values in Zig: `const Point = struct { … };`
(variable_declaration
  . (identifier) @name
  (struct_declaration "{" @body)) @definition.class
(variable_declaration
  . (identifier) @name
  (union_declaration "{" @body)) @definition.class
(variable_declaration . (identifier) @name (opaque_declaration)) @definition.class
(variable_declaration . (identifier) @name (enum_declaration)) @definition.enum
(variable_declaration . (identifier) @name (error_set_declaration)) @definition.enum
(function_declaration
  name: (identifier) @name type: (_) @type body: (_)? @body) @definition.function

; Members
(enum_declaration (container_field name: (identifier) @name) @definition.constant)
(error_set_declaration (identifier) @name @definition.constant)
(container_field name: (identifier) @name type: (_) @type) @definition.field

; Values; what `@import` gives is an import.
((source_file
  (variable_declaration . (identifier) @name type: (_)? @type (_) @value .) @definition.variable)
  (#not-match? @value "^@import\\b"))
((struct_declaration
  (variable_declaration . (identifier) @name type: (_)? @type (_) @value .) @definition.variable)
  (#not-match? @value "^@import\\b"))
