; Text has no local names.

(section) @scope
