; Statements: where one ends, a suggestion may end.
; @statement  a direct child of a module or of an indented block

(module (_) @statement)
(block (_) @statement)
