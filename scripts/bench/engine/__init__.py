"""What a keystroke costs in the engine, beside its peer and the speed of llama.cpp itself."""
