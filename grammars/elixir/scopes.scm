[
  (anonymous_function)
  (do_block)
  (stab_clause)
] @scope
((call target: (identifier) @_define) @scope
  (#any-of? @_define "def" "defmacro" "defmacrop" "defp" "for" "with"))

; Parameters
((call
  target: (identifier) @_define
  (arguments . [
    (call (arguments [
      (identifier) @binding
      (binary_operator left: (identifier) @binding operator: "\\\\" right: (_) @value)
      (binary_operator operator: "=" right: (identifier) @binding)
    ]))
    (binary_operator left: (call (arguments (identifier) @binding)) operator: "when")
  ]))
  (#any-of? @_define "def" "defmacro" "defmacrop" "defp"))
(stab_clause left: (arguments [(identifier) @binding (tuple (identifier) @binding)]))

; What is matched
(binary_operator
  left: [
    (identifier) @binding
    (list (identifier) @binding)
    (tuple (identifier) @binding)
  ]
  operator: ["=" "<-"]
  right: (_) @value)
