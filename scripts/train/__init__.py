"""`dev.py train`: how the bundled model is made, from public source code to a GGUF file.

Read in this order: `knobs`, `sources.toml`, `licences`, `cleaning`, `corpus`, `tokenizer`, `cuts`,
`rows`, `model`, `optimizer`, `training`, `export`, `evaluate`.
"""
