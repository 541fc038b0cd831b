"""What cloister remembers about its own work; never source text."""
