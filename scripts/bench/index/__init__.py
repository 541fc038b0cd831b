"""What the index of a workspace costs, beside a pass that only parses."""
