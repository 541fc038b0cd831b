[
  (comment)
  (marginalia)
] @comment @documentation
