"""Writes the message of the commit that is being prepared, from what is staged and nothing else."""
