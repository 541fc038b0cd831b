; What a Kotlin file imports: a name, what it is called here, or everything of a package.

(import (qualified_identifier) @tree [(identifier) "*"]? @tree) @import
