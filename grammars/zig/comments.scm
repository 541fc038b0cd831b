(comment) @comment @documentation
