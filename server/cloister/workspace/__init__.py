"""What the editor has open."""
