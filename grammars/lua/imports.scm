; `local util = require("a.util")`, `local sub = require("a.util").sub`,
; `local ok, util = pcall(require, "a.util")`, and `require` anywhere else
(assignment_statement
  (variable_list . name: (identifier) @alias .)
  (expression_list
    . value: (function_call
      name: (identifier) @_require
      arguments: (arguments . (string content: (_) @module))) @import)
  (#eq? @_require "require"))
(assignment_statement
  (variable_list . name: (identifier) @alias .)
  (expression_list
    . value: (dot_index_expression
      table: (function_call
        name: (identifier) @_require
        arguments: (arguments . (string content: (_) @module)))
      field: (identifier) @name) @import)
  (#eq? @_require "require"))
(assignment_statement
  (variable_list . name: (identifier) . name: (identifier) @alias .)
  (expression_list
    . value: (function_call
      name: (identifier) @_pcall
      arguments: (arguments . (identifier) @_require . (string content: (_) @module))) @import)
  (#eq? @_pcall "pcall")
  (#eq? @_require "require"))
(function_call
  name: (identifier) @_require
  arguments: (arguments . (string content: (_) @module))
  (#eq? @_require "require")) @import
