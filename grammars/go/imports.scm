; What a Go file imports. `import . "x"` takes everything, `import _ "x"` is called `_`.

(import_spec
  name: [(package_identifier) @alias (blank_identifier) @alias (dot) @wildcard]?
  path: (interpreted_string_literal (interpreted_string_literal_content) @module)) @import

(import_spec
  name: [(package_identifier) @alias (blank_identifier) @alias (dot) @wildcard]?
  path: (raw_string_literal (raw_string_literal_content) @module)) @import
