; Declarations of C for LuaJIT: `ffi.cdef[[ … ]]`

((function_call
  name: (dot_index_expression field: (identifier) @_cdef)
  arguments: (arguments . (string content: (_) @injection.content)))
  (#set! injection.language "c")
  (#eq? @_cdef "cdef"))
