"""What a GGUF file says of itself, read without llama.cpp and without trusting a byte of it."""
