[
  (comment)
  (haddock)
] @comment @documentation
