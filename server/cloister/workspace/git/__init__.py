"""What the repository knows of a workspace: its history, and what differs from its last commit.

Only `repository.py` opens anything. Objects and references are read by dulwich, without a program
and without acting on any configuration; damaged objects count as missing.
"""
