; Any comment right before a definition documents it: JSDoc, and what people write in its place.

(comment) @comment @documentation
[(html_comment) (hash_bang_line)] @comment
