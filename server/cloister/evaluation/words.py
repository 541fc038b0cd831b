"""Identifiers as the measures count them: by their letters, without asking what they mean."""

import re

LEAST_CHARS = 3

_WORD = re.compile(r"[^\W\d]\w*")


def words_in(text: str) -> list[str]:
    """Return what looks like an identifier, in order, of at least LEAST_CHARS characters."""
    return [word for word in _WORD.findall(text) if len(word) >= LEAST_CHARS]


def offset_of(word: str, text: str) -> int:
    """Return where a whole word stands first; raises ValueError when it does not."""
    for match in _WORD.finditer(text):
        if match[0] == word:
            return match.start()
    raise ValueError(f"{word!r} is no word of the text")
