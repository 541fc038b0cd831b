; Any comment right before a definition documents it.

(comment) @comment @documentation
