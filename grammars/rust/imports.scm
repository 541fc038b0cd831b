; What a Rust file imports. `mod x;` takes the file `x.rs` or `x/mod.rs` below this module.

(use_declaration argument: (_) @tree) @import
(extern_crate_declaration name: (_) @module alias: (_)? @alias) @import
(mod_item name: (_) @module !body) @import
