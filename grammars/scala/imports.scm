; What a Scala file imports and exports: a tree from the first name to the last.

(import_declaration . (_) @tree (_)? @tree .) @import
(export_declaration . (_) @tree (_)? @tree .) @import
