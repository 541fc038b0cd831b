; `using System.Text;` and `using static System.Math;` give every name of a namespace or a type,
; `using Alias = A.B;` gives one.
(using_directive !name [(identifier) (qualified_name)] @module @wildcard) @import
(using_directive
  name: (identifier) @alias
  [
    (identifier)
    (qualified_name)
    (generic_name)
  ] @module) @import
