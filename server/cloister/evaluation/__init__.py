"""Measures what cloister does on the user's own repository, offline: cases from its history."""
