"""Weights files: the bundled one and those the user names."""
