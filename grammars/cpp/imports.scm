; `using std::string;` gives a name of elsewhere, `using namespace std;` gives all of them. Of
; `using a::b::c;` only `c` is told, because no one node holds `a::b`.
(using_declaration
  "namespace" @wildcard
  [(identifier) (qualified_identifier)] @module) @import
((using_declaration (qualified_identifier scope: (_) @module name: (identifier) @name)) @import
  (#not-match? @import "^using\\s+namespace"))
((using_declaration
  (qualified_identifier name: (qualified_identifier name: (identifier) @name))) @import
  (#not-match? @import "^using\\s+namespace"))
(namespace_alias_definition
  name: (namespace_identifier) @alias
  [(namespace_identifier) (nested_namespace_specifier)] @module) @import
