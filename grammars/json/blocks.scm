; Where suggestions may end in JSON.

(document (_) @statement)
(object (pair) @statement)
(array (_) @statement)

[(array) (object)] @block
