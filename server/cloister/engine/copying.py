"""Guesses text by copying: what once followed the longest text that ends as this one does.

Pure, and in bytes: what a token spells may end anywhere in an earlier text. Matches are followed
from token to token and looked for anew only when none goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from cloister.core.generation import TEXT_SEPARATOR
from cloister.engine.passages import MOST_BYTES, MOST_PLACES, Passage

SEPARATOR = TEXT_SEPARATOR.encode()
"""What stands between the texts of a passage; nothing is copied across it."""

LEAST_BYTES = 3
"""Shorter matches say nothing."""

_FOLLOWING_BYTES = 32
_LONGEST_PIECE_BYTES = 64


class Place(NamedTuple):
    """Where something may be copied from: byte `at` of a passage, and what follows it."""

    passage: Passage
    at: int

    @property
    def following(self) -> bytes:
        """What stands there, as far as some tokens reach and the text there goes."""
        text = self.passage.text[self.at : self.at + _FOLLOWING_BYTES]
        return text.partition(SEPARATOR)[0]


@dataclass(frozen=True, slots=True)
class Match:
    """The places that follow the longest match, which is `length` bytes long."""

    length: int = 0
    places: tuple[Place, ...] = ()


NO_MATCH = Match()


class Copier:
    """Follows one text that is being written, and finds what to copy in `passages`.

    `written` is what stands before the first byte that is written.
    """

    def __init__(self, passages: Sequence[Passage], written: bytes) -> None:
        self._passages = passages
        self._written = written[-MOST_BYTES:]
        self._matches = {b"": self._search(self._written)}

    def match(self, told: bytes) -> Match:
        """Return the match of what was written and then `told`."""
        if (known := self._matches.get(told)) is None:
            known = self._matches[told] = self._find(told)
        return known

    def _find(self, told: bytes) -> Match:
        for n_bytes in range(1, min(len(told), _LONGEST_PIECE_BYTES) + 1):
            if (before := self._matches.get(told[:-n_bytes])) is not None:
                piece = told[-n_bytes:]
                places = tuple(
                    Place(it.passage, it.at + n_bytes)
                    for it in before.places
                    if it.passage.text.startswith(piece, it.at)
                )
                if places:
                    return Match(before.length + n_bytes, places)
                break
        return self._search((self._written + told[-MOST_BYTES:])[-MOST_BYTES:])

    def _search(self, tail: bytes) -> Match:
        """Return where the longest end of `tail` that occurs in a passage ends there."""
        found = [(passage, *passage.longest_match(tail)) for passage in self._passages]
        longest = max((length for _, length, _ in found), default=0)
        if longest < LEAST_BYTES:
            return NO_MATCH
        places = [
            Place(passage, at)
            for passage, length, ends in found
            if length == longest
            for at in ends
        ]
        return Match(longest, tuple(places[-MOST_PLACES:]))


def copyable(written: bytes) -> bytes:
    """Return what of a text that is being written may be copied: not its last two lines.

    Lines that begin alike follow each other everywhere, and hardly ever say the same.
    """
    last = written.rfind(b"\n")
    return written[: written.rfind(b"\n", 0, last) + 1] if last > 0 else b""
