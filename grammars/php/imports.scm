; What a PHP file takes from other namespaces and files. `use A\B;` takes `B` from `A`. In a group
; the part before the braces is the module, and names may go on with it: `use A\{B\C}`.

(namespace_use_declaration (namespace_use_clause
  (qualified_name prefix: (_) @module (name) @name)
  alias: (_)? @alias)) @import

(namespace_use_declaration (namespace_use_clause
  .
  [(name) @module (qualified_name . (name) @module)]
  alias: (_)? @alias)) @import

(namespace_use_declaration
  (namespace_name) @module
  body: (namespace_use_group (namespace_use_clause
    .
    [(name) (qualified_name)] @name
    alias: (_)? @alias))) @import

; Files: of `__DIR__ . "/a.php"` the text counts.

(_
  ["include" "include_once" "require" "require_once"]
  .
  [
    (string (string_content) @module)
    (encapsed_string . (string_content) @module .)
    (binary_expression right: (string (string_content) @module))
    (binary_expression right: (encapsed_string . (string_content) @module .))
  ]) @import
