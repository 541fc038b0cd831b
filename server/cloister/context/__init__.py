"""What to tell the model about the place it writes at."""
