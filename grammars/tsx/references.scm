; Elements that are components; lower-case names are elements of the page.

([
  (jsx_opening_element name: (identifier) @reference.call)
  (jsx_self_closing_element name: (identifier) @reference.call)
]
  (#match? @reference.call "^[A-Z]"))
