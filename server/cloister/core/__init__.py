"""The values that flow through cloister; imports nothing of ours and no third party."""
