; `alias Foo.Bar`, `alias Foo.Bar, as: Baz`, `alias Foo.{Bar, Baz}`, `import`, `require`, `use`
((call target: (identifier) @_import (arguments . (alias) @module)) @import
  (#any-of? @_import "alias" "require" "use"))
((call target: (identifier) @_import (arguments . (alias) @module)) @import @wildcard
  (#eq? @_import "import"))
((call
  target: (identifier) @_import
  (arguments
    . (alias) @module . (keywords (pair key: (keyword) @_as value: (alias) @alias)))) @import
  (#any-of? @_import "alias" "require")
  (#match? @_as "^as:"))
((call
  target: (identifier) @_import
  (arguments . (dot left: (alias) @module right: (tuple (alias) @name)))) @import
  (#any-of? @_import "alias" "import" "require" "use"))
