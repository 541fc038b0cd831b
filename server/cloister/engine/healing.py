"""Lets an answer begin inside a word: the word is written again, in tokens the model knows.

The last token of a text that ends inside a word is one that a model rarely saw there, so what it
writes next makes little sense. The prompt ends before the word instead, and the answer is held to
what was typed of it (`Prompt.opening`) for as long as that lasts; what is typed is not told again.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence


class Spellings:
    """The tokens of a vocabulary by what they spell; `pieces` are their bytes.

    Tokens that spell nothing, such as markers, can open no answer.
    """

    __slots__ = ("_spelled", "_tokens")

    def __init__(self, pieces: Sequence[bytes]) -> None:
        spelling = (token for token, piece in enumerate(pieces) if piece)
        self._tokens = sorted(spelling, key=pieces.__getitem__)
        self._spelled = [pieces[token] for token in self._tokens]

    def openings(self, opening: bytes) -> list[int]:
        """Return the tokens that spell a beginning of `opening`, or all of it and maybe more."""
        spelled, n_bytes = self._spelled, len(opening)
        longer = slice(
            bisect_left(spelled, opening),
            bisect_right(spelled, opening, key=lambda piece: piece[:n_bytes]),
        )
        shorter = (
            slice(bisect_left(spelled, start), bisect_right(spelled, start))
            for start in (opening[:end] for end in range(1, n_bytes))
        )
        return [token for run in (longer, *shorter) for token in self._tokens[run]]


def told_and_left(piece: bytes, opening: bytes) -> tuple[bytes, bytes]:
    """Return what `piece` spells beyond `opening`, and what of `opening` is left after it."""
    return piece[len(opening) :], opening[len(piece) :]
