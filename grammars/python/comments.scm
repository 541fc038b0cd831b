(comment) @comment @documentation
(class_definition body: (block . (expression_statement (string)) @documentation))
(function_definition body: (block . (expression_statement (string)) @documentation))
