"""Asking a service elsewhere: only where everybody permits it, shown before, and put on record."""
