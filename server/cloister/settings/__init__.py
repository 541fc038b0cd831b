"""Options are what a client sends, settings are what cloister uses; resolved once, in one place."""
