"""cloister: the coding assistant for code that must not leave the machine."""

__version__ = "0.1.0"
