"""The engine process: llama.cpp behind a unix socket, alone with its crashes."""
