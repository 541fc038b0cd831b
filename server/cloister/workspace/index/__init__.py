"""What is known of the workspace's files: symbols, imports and words, in SQLite.

`build` and `refresh` write, `Index` reads; one process writes per workspace, any number read.
"""
