"""Inline completion, from a request to a suggestion and an outcome."""
