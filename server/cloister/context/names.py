"""Names as context counts them: by their letters, whatever they mean."""

import re
from functools import lru_cache

LEAST_CHARS = 3

_NAME = re.compile(r"[^\W\d]\w+")
_MOST_LINE_CHARS = 1000


@lru_cache(maxsize=30_000)
def names_of_line(line: str) -> frozenset[str]:
    """Return the names in a line that are worth telling: of at least LEAST_CHARS characters."""
    found = _NAME.findall(line[:_MOST_LINE_CHARS])
    return frozenset(name for name in found if len(name) >= LEAST_CHARS)


@lru_cache(maxsize=10_000)
def names_of_lines(text: str) -> frozenset[str]:
    """Return the names in all lines of a text."""
    return frozenset().union(*map(names_of_line, text.split("\n")))
