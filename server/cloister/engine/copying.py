"""Guesses text by copying: what once followed the longest text that ends as this one does.

Pure, and in bytes: what a token spells may end anywhere in an earlier text. Matches are followed
from token to token and looked for anew only when none goes on.
"""

from dataclasses import dataclass

from cloister.core.generation import TEXT_SEPARATOR

SEPARATOR = TEXT_SEPARATOR.encode()
"""What stands between the texts of a source; nothing is copied across it."""

LEAST_BYTES = 3
"""Shorter matches say nothing."""

_MOST_BYTES = 64
_MOST_PLACES = 24
# One search for a key of this length finds most matches, long ones included.
_SEED_BYTES = 8
_MOST_CANDIDATES = 200
_FOLLOWING_BYTES = 40
_LONGEST_PIECE_BYTES = 64


@dataclass(frozen=True, slots=True)
class Match:
    """The places in a text that follow the longest match, which is `length` bytes long."""

    length: int = 0
    places: tuple[int, ...] = ()


NO_MATCH = Match()


class Copier:
    """Follows one text that is being written, and finds what to copy in another.

    `written` is what stands before the first byte that is written.
    """

    def __init__(self, source: bytes, written: bytes) -> None:
        self._source = source
        self._written = written[-_MOST_BYTES:]
        self._matches = {b"": _longest_match(source, self._written)}

    def match(self, told: bytes) -> Match:
        """Return the match of what was written and then `told`."""
        if (known := self._matches.get(told)) is None:
            known = self._matches[told] = self._find(told)
        return known

    def following(self, match: Match) -> list[bytes]:
        """Return what stands at each place, as far as a token reaches and the text there goes."""
        pieces = (self._source[place : place + _FOLLOWING_BYTES] for place in match.places)
        return [text for piece in pieces if (text := piece.partition(SEPARATOR)[0])]

    def _find(self, told: bytes) -> Match:
        for n_bytes in range(1, min(len(told), _LONGEST_PIECE_BYTES) + 1):
            if (before := self._matches.get(told[:-n_bytes])) is not None:
                piece = told[-n_bytes:]
                goes_on = self._source.startswith
                places = tuple(at + n_bytes for at in before.places if goes_on(piece, at))
                if places:
                    return Match(before.length + n_bytes, places)
                break
        return _longest_match(self._source, (self._written + told)[-_MOST_BYTES:])


def copyable(written: bytes) -> bytes:
    """Return what of a text that is being written may be copied: not its last two lines.

    Lines that begin alike follow each other everywhere, and hardly ever say the same.
    """
    last = written.rfind(b"\n")
    return written[: written.rfind(b"\n", 0, last) + 1] if last > 0 else b""


def _longest_match(source: bytes, tail: bytes) -> Match:
    """Return where the longest end of `tail` that occurs in `source` ends there."""
    places = _places(source, tail[-_SEED_BYTES:]) if len(tail) >= _SEED_BYTES else []
    if places:
        lengths = [_common_bytes(source, place, tail) for place in places]
        longest = max(lengths)
        at = [place for place, length in zip(places, lengths, strict=True) if length == longest]
        return Match(longest, tuple(at[-_MOST_PLACES:]))
    for length in range(min(len(tail), _SEED_BYTES - 1), LEAST_BYTES - 1, -1):
        if places := _places(source, tail[-length:]):
            return Match(length, tuple(places[-_MOST_PLACES:]))
    return NO_MATCH


def _places(source: bytes, key: bytes) -> list[int]:
    """Return where `key` ends in the source, in order; of very many the first ones."""
    places: list[int] = []
    at = source.find(key)
    while at >= 0 and len(places) < _MOST_CANDIDATES:
        places.append(at + len(key))
        at = source.find(key, at + 1)
    return places


def _common_bytes(source: bytes, place: int, tail: bytes) -> int:
    """Return how many bytes before `place` are those at the end of `tail`."""
    low, high = _SEED_BYTES, min(len(tail), place)
    while low < high:
        middle = (low + high + 1) // 2
        if source.startswith(tail[-middle:], place - middle):
            low = middle
        else:
            high = middle - 1
    return low
