(call
  !receiver
  method: (identifier) @_method
  arguments: (argument_list . (string (string_content) @module))
  (#any-of? @_method "require" "require_relative" "load")) @import
(call
  !receiver
  method: (identifier) @_method
  arguments: (argument_list . (simple_symbol) . (string (string_content) @module))
  (#eq? @_method "autoload")) @import
