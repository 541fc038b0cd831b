; `resource "type" "name"` and `data "type" "name"`: as they are referred to, a name in a type
(config_file
  (body
    (block
      (identifier) @_kind
      . (string_lit (template_literal) @container)
      . (string_lit (template_literal) @name)
      . (block_start) @body) @definition.class))

; `module "name"`, `variable "name"`, `output "name"`
(config_file
  (body
    (block
      . (identifier) @_kind
      . (string_lit (template_literal) @name)
      . (block_start) @body
      (#eq? @_kind "module")) @definition.module))
(config_file
  (body
    (block
      . (identifier) @_kind
      . (string_lit (template_literal) @name)
      . (block_start) @body
      (#not-eq? @_kind "module")) @definition.variable))
(block
  . (identifier) @_kind
  (body (attribute . (identifier) @name . (expression) @value) @definition.constant)
  (#eq? @_kind "locals"))

; A file of values
(config_file (body (attribute . (identifier) @name . (expression) @value) @definition.constant))
