; What a Rust file imports. `mod x;` takes the file `x.rs` or `x/mod.rs` below this module.

(use_declaration argument: (_) @tree) @import
(extern_crate_declaration name: (_) @module alias: (_)? @alias) @import
(mod_item name: (_) @module !body) @import

; `#[path = "other.rs"] mod x;` takes that file.
((attribute_item (attribute (identifier) @_path value: (string_literal (string_content) @module)))
  . (mod_item name: (_) @alias !body) @import
  (#eq? @_path "path"))
