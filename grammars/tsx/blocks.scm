; A child of an element is complete like a statement.

(jsx_element [(jsx_element) (jsx_self_closing_element)] @statement)
