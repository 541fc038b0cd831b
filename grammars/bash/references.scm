((command_name (word) @reference.call)
  (#match? @reference.call "^[A-Za-z_]"))
((variable_name) @reference.name
  (#match? @reference.name "^[A-Za-z_]"))
