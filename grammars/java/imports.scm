; What a Java file imports: a type of a package, a member of a type, or everything of either.

(import_declaration
  (scoped_identifier scope: (_) @module name: (_) @name) .) @import
(import_declaration (identifier) @module .) @import
(import_declaration
  [(identifier) (scoped_identifier)] @module
  (asterisk) @wildcard) @import
