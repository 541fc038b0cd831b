; `///` and `/** */` document what follows, `//!` what is around.

[(line_comment) (block_comment)] @comment
(line_comment outer: (_)) @documentation
(block_comment outer: (_)) @documentation
