import pytest

from cloister.backends.estimate import EstimatedTokens

# The text, and about how many tokens it has.
CASES = [("", 0), ("abc", 1), ("abcd", 2), ("日本", 2), ("\ud800", 1)]


@pytest.mark.parametrize(("text", "tokens"), CASES)
async def test_tokens_are_estimated_from_bytes(text: str, tokens: int) -> None:
    assert await EstimatedTokens().count_tokens(["x", text]) == [1, tokens]
