"""`dev.py bench mixture`: how much weight copying deserves beside a model, fitted and measured."""
