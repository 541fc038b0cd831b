"""The words of code: identifiers and what they are put together from.

`getUserName` counts as itself and as `get`, `user` and `name`, so that code about the same thing is
similar however its names are written. The index knows words by a checksum of 32 bits: two that
share one only make a wrong place look a little more similar.
"""

import re
from collections import Counter
from zlib import crc32

_IDENTIFIER = re.compile(r"\b[^\W\d]\w+")
# The same for plain text, in half the time.
_PLAIN_IDENTIFIER = re.compile(r"\b[A-Za-z_][A-Za-z_0-9]+")
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")
_SHORTEST_PART = 2
# Longer ones are encoded data rather than names.
_LONGEST_IDENTIFIER = 64
_MOST_KEPT = 50_000


def identifiers_in(text: str) -> list[str]:
    """Return the identifiers and keywords of the text that have two characters or more."""
    return (_PLAIN_IDENTIFIER if text.isascii() else _IDENTIFIER).findall(text)


def terms_of(identifier: str) -> tuple[str, ...]:
    """Return the words that the identifier counts as: itself, and its parts in lower case."""
    if len(identifier) > _LONGEST_IDENTIFIER:
        return ()
    parts = (part.lower() for part in _PART.findall(identifier) if len(part) >= _SHORTEST_PART)
    return tuple(dict.fromkeys((identifier, *parts)))


def term_id(term: str) -> int:
    """Return the number by which the index knows a word."""
    return crc32(term.encode("utf-8", "replace"))


def count_terms(text: str) -> dict[int, int]:
    """Return how often the text has each word, by the word's number.

    A part that several identifiers have counts once for all of them and for what they repeat.
    """
    if len(_NUMBERS) > _MOST_KEPT:
        _NUMBERS.clear()
    identifiers = Counter(identifiers_in(text))
    # One union for all is several times as fast as counting one by one.
    counts = dict.fromkeys(set[int]().union(*map(_NUMBERS.__getitem__, identifiers)), 1)
    for identifier, n in identifiers.items():
        if n > 1:
            for term in _NUMBERS[identifier]:
                counts[term] += n - 1
    return counts


class _Numbers(dict[str, tuple[int, ...]]):
    """The numbers of the words of identifiers that were seen lately."""

    def __missing__(self, identifier: str) -> tuple[int, ...]:
        numbers = self[identifier] = tuple(map(term_id, terms_of(identifier)))
        return numbers


_NUMBERS = _Numbers()
