; What a Swift file imports: a module, or one declaration of it.

(import_declaration (identifier) @tree) @import
