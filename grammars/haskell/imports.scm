(import module: (module) @module alias: (module)? @alias) @import
(import
  module: (module) @module
  names: (import_list name: (import_name [variable: (_) type: (_)] @name))) @import
