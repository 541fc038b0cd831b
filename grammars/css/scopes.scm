; What a nested rule says holds within the rule around it.

(block) @scope
