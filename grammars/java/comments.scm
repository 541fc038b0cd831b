; A comment right before a definition documents it.

[(line_comment) (block_comment)] @comment @documentation
