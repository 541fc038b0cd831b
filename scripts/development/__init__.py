"""The parts of `scripts/dev.py`; those it imports itself need only the standard library."""
