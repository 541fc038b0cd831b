; Classes and functions. A decorated one begins with its first decorator.

(class_definition name: (identifier) @name body: (block) @body) @definition.class
(class_definition
  name: (identifier) @name
  superclasses: (argument_list [(identifier) (attribute) (subscript)] @base))
(function_definition
  name: (identifier) @name
  return_type: (type)? @type
  body: (block) @body) @definition.function
(decorated_definition definition: (class_definition name: (identifier) @name)) @definition.class
(decorated_definition
  definition: (function_definition name: (identifier) @name)) @definition.function

; Names of a module and of a class, also those that depend on a condition. The levels are spelled
; out because assignments in functions are many and local.

(module (expression_statement (assignment
  left: (identifier) @name type: (type)? @type right: (_)? @value) @definition.constant)
  (#match? @name "^[A-Z_][A-Z0-9_]*$"))
(module (expression_statement (assignment
  left: (identifier) @name type: (type)? @type right: (_)? @value) @definition.variable))
(module (expression_statement (assignment
  left: [(pattern_list (identifier) @name) (tuple_pattern (identifier) @name)])
  @definition.variable))
(module (expression_statement (assignment
  right: (assignment left: (identifier) @name right: (_) @value) @definition.variable)))
(module (if_statement [
  (block (expression_statement (assignment
    left: (identifier) @name type: (type)? @type right: (_)? @value) @definition.variable))
  (_ (block (expression_statement (assignment
    left: (identifier) @name type: (type)? @type right: (_)? @value) @definition.variable)))]))
(module (try_statement [
  (block (expression_statement (assignment
    left: (identifier) @name type: (type)? @type right: (_)? @value) @definition.variable))
  (_ (block (expression_statement (assignment
    left: (identifier) @name type: (type)? @type right: (_)? @value) @definition.variable)))]))

(class_definition body: (block (expression_statement (assignment
  left: (identifier) @name type: (type)? @type right: (_)? @value) @definition.field)))
(class_definition body: (block (expression_statement (assignment
  left: [(pattern_list (identifier) @name) (tuple_pattern (identifier) @name)])
  @definition.field)))

; Fields that methods assign.

(assignment
  left: (attribute object: (identifier) @_self attribute: (identifier) @name)
  type: (type)? @type
  right: (_)? @value
  (#any-of? @_self "self" "cls")) @definition.field
(assignment
  left: (_ (attribute object: (identifier) @_self attribute: (identifier) @name))
  (#any-of? @_self "self" "cls")) @definition.field
(assignment
  right: (assignment
    left: (attribute object: (identifier) @_self attribute: (identifier) @name)
    right: (_) @value)
  (#any-of? @_self "self" "cls")) @definition.field

; Aliases of types.

(type_alias_statement
  left: (type [(identifier) @name (generic_type (identifier) @name)])
  right: (type) @value) @definition.type
