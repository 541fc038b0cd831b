"""Use cases: domain values in and out; no protocol types, no processes."""
