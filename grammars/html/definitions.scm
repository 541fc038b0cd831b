; What scripts and stylesheets find in a page: the tags of elements with an id

([
  (start_tag (attribute
    (attribute_name) @_attribute
    [(quoted_attribute_value (attribute_value) @name) (attribute_value) @name]))
  (self_closing_tag (attribute
    (attribute_name) @_attribute
    [(quoted_attribute_value (attribute_value) @name) (attribute_value) @name]))
] @definition.constant
  (#eq? @_attribute "id"))
