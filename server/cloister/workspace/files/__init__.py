"""Which files of a workspace may be read at all, and their text.

Ignore files can only take files away. Secrets and what tools put aside can never come back.
"""
