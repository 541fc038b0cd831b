; Not of JSON itself, but of most files that people write in it.

(comment) @comment @documentation
