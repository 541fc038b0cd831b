"""What context holds of the names that are needed, on repositories of other people."""
