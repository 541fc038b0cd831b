; A comment right before a definition documents it.

[(comment) (multiline_comment)] @comment @documentation
