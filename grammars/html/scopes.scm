; Pages have no local names; an element is where the names of its script end.

[(script_element) (style_element)] @scope
