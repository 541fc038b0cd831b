; A comment right before a definition documents it.

[(comment) (block_comment)] @comment @documentation
