"""Edits that can be trusted: from what a model wrote to a change of one document, or a refusal."""
