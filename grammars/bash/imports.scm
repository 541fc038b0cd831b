; `load` is how a test of bats reads its helpers.
(command
  name: (command_name (word) @_source)
  . argument: (_) @module
  (#any-of? @_source "source" "." "\\." "load")) @import
