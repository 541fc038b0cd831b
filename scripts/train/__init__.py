"""`dev.py train`: how the bundled model is made, from public source code to a GGUF file.

Read in this order: `knobs`; `sources.toml`, `licences`, `packages`, `cleaning` and `corpus` for
what it learns from; `tokenizer`, `cuts`, `examples`, `rows` and `feed` for how that is laid out;
`model`, `optimizer`, `warm_start` and `training`; `export`; `questions`, `answers`, `scores` and
`evaluate`.
"""
