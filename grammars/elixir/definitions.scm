; Elixir's definitions are calls of macros. Every clause of a function counts.
((call
  target: (identifier) @_define (arguments . (alias) @name) (do_block)? @body) @definition.module
  (#eq? @_define "defmodule"))
((call
  target: (identifier) @_define (arguments . (alias) @name) (do_block)? @body) @definition.interface
  (#eq? @_define "defprotocol"))
((call
  target: (identifier) @_define
  (arguments . (alias) @base . (keywords (pair value: (alias) @name)))) @extension
  (#eq? @_define "defimpl"))

((do_block
  (call
    target: (identifier) @_define
    (arguments . [
      (identifier) @name
      (call target: (identifier) @name)
      (binary_operator left: (call target: (identifier) @name))
      (binary_operator left: (identifier) @name)
    ])
    (do_block)? @body) @definition.function)
  (#any-of? @_define "def" "defp" "defdelegate"))
((do_block
  (call
    target: (identifier) @_define
    (arguments . [
      (call target: (identifier) @name)
      (binary_operator left: (call target: (identifier) @name))
    ])
    (do_block)? @body) @definition.macro)
  (#any-of? @_define "defmacro" "defmacrop" "defguard" "defguardp"))

; Module attributes
((unary_operator
  operator: "@"
  operand: (call
    target: (identifier) @_attribute
    (arguments
      . (binary_operator left: [
        (identifier) @name
        (call target: (identifier) @name)
      ])))) @definition.type
  (#any-of? @_attribute "opaque" "type" "typep"))
((unary_operator
  operator: "@"
  operand: (call target: (identifier) @name (arguments . (_) @value))) @definition.constant
  (#not-any-of? @name
    "after_compile" "before_compile" "behaviour" "callback" "compile" "deprecated" "derive" "doc"
    "external_resource" "impl" "macrocallback" "moduledoc" "on_load" "opaque" "optional_callbacks"
    "since" "spec" "tag" "moduletag" "describetag" "type" "typedoc" "typep"))
