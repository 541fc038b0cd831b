; JSON has no local names.

(object) @scope
