; What a file takes from other modules, re-exports included. The name of a default import is what it
; is called here, because that is mostly what it is called there. A match with neither name nor
; wildcard takes the module itself. Names in braces come before the module, so that they are matched
; by themselves (`@listed`): a statement that waits for its module with each of them takes long.

(named_imports (import_specifier name: (_) @listed alias: (_)? @alias)) @list
(export_clause (export_specifier name: _ @listed alias: _? @alias)) @list
(object_pattern [
  (shorthand_property_identifier_pattern) @listed
  (object_assignment_pattern left: (shorthand_property_identifier_pattern) @listed)
  (pair_pattern key: (property_identifier) @listed value: (identifier) @alias)
]) @list

(import_statement
  . "import"
  . source: (string (string_fragment) @module)) @import

(import_statement
  (import_clause (identifier) @name)
  source: (string (string_fragment) @module)) @import

(import_statement
  (import_clause (namespace_import (identifier) @alias))
  source: (string (string_fragment) @module)) @import

(import_statement
  (import_clause (named_imports) @list)
  source: (string (string_fragment) @module)) @import

; Re-exports

(export_statement
  (export_clause) @list
  source: (string (string_fragment) @module)) @import

(export_statement
  "*" @wildcard
  source: (string (string_fragment) @module)) @import

(export_statement
  (namespace_export (_) @alias)
  source: (string (string_fragment) @module)) @import

; CommonJS: `const x = require("m")`, `const { a, b: c } = require("m")`, `const x = require("m").a`

((_ (variable_declarator
  name: (identifier) @alias
  value: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module))))) @import
  (#eq? @_require "require"))

((_ (variable_declarator
  name: (object_pattern) @list
  value: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module))))) @import
  (#eq? @_require "require"))

((_ (variable_declarator
  name: (identifier) @alias
  value: (member_expression
    object: (call_expression
      function: (identifier) @_require
      arguments: (arguments . (string (string_fragment) @module)))
    property: (property_identifier) @name))) @import
  (#eq? @_require "require"))

; Elsewhere: `app.use(require("m"))`, `exports.a = require("m")`

([
  (expression_statement (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module))) @import)
  (arguments (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module))) @import)
  (arrow_function body: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module))) @import)
  (assignment_expression right: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module))) @import)
  (call_expression function: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module))) @import)
  (pair value: (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module))) @import)
  (return_statement (call_expression
    function: (identifier) @_require
    arguments: (arguments . (string (string_fragment) @module))) @import)
]
  (#eq? @_require "require"))

; `import("m")`, `const { a } = await import("m")`

(call_expression
  function: (import)
  arguments: (arguments . (string (string_fragment) @module))) @import

(_ (variable_declarator
  name: (object_pattern) @list
  value: (await_expression (call_expression
    function: (import)
    arguments: (arguments . (string (string_fragment) @module)))))) @import
