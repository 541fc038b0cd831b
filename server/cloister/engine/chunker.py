"""Turns generated token bytes into chunks: whole code points only, and never any stop text.

Text that may be the beginning of a stop text is held back until the next token decides.
"""

import codecs
from collections.abc import Sequence

from cloister.core.generation import Chunk


class Chunker:
    """Collects the pieces of one generation; feed it in order, then take the rest once."""

    __slots__ = (
        "_decoder",
        "_n_tokens",
        "_probability",
        "_stop",
        "_text",
        "stopped",
    )

    def __init__(self, stop: Sequence[str]) -> None:
        self.stopped = False
        self._stop = tuple(text for text in stop if text)
        # Bytes that are no UTF-8 become U+FFFD; an unfinished code point at the end is dropped.
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._text = ""
        self._n_tokens = 0
        self._probability = 1.0

    def push(self, piece: bytes, probability: float, n_tokens: int = 1) -> Chunk | None:
        """Add what one token spells, or several; return the text that is now certain, if any.

        When it completes a stop text, `stopped` becomes true and the chunk ends before it.
        """
        self._text += self._decoder.decode(piece)
        self._n_tokens += n_tokens
        self._probability *= probability
        ends = [index for stop in self._stop if (index := self._text.find(stop)) >= 0]
        self.stopped = bool(ends)
        return self._take(min(ends) if ends else len(self._text) - self._held_chars())

    def rest(self) -> Chunk | None:
        """Return the text that was held back for a stop text that never came."""
        return None if self.stopped else self._take(len(self._text))

    def _take(self, n_chars: int) -> Chunk | None:
        if n_chars == 0:
            return None
        chunk = Chunk(self._text[:n_chars], self._probability, self._n_tokens)
        self._text, self._n_tokens = self._text[n_chars:], 0
        # What is held back came from the last token, which has been counted.
        self._probability = 1.0
        return chunk

    def _held_chars(self) -> int:
        return max((_overlap(self._text, stop) for stop in self._stop), default=0)


def _overlap(text: str, stop: str) -> int:
    longest = min(len(text), len(stop) - 1)
    return next((n for n in range(longest, 0, -1) if text.endswith(stop[:n])), 0)
