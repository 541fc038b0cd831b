(module (_) @statement)
(block (_) @statement)
(block) @block
