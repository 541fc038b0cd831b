"""Counts tokens without any model: for text that goes to a service, whose vocabulary nobody has."""

from collections.abc import Sequence

from cloister.backends.remote_model import estimated_tokens


class EstimatedTokens:
    """A `TokenCounter` that needs nothing to be started or loaded."""

    async def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Return about how many tokens each text has; rather too many than too few."""
        return [estimated_tokens(text) for text in texts]
