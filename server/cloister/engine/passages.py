"""Texts to copy from, indexed so that the longest match in one takes microseconds to find.

The eight bytes before each place of a text are a number, the last byte most significant: places
that follow alike endings lie together once these numbers are sorted. Pure.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

MOST_BYTES = 64
"""Longer matches are found as matches of this length."""

MOST_PLACES = 24
"""Of more places than this, the last ones in the text are told."""

_KEY_BYTES = 8
# What is put before a text, for the numbers before its first places, and before a short tail. No
# text in UTF-8 holds these bytes, so they match nothing.
_MARGIN = b"\xfe" * MOST_BYTES
_FILLING = b"\xff"
_MOST_INDEXED = 6


class Passage:
    """A text in bytes with its index; finds where the longest end of another one occurs in it."""

    __slots__ = ("_keys", "_keys_at", "_order", "text")

    def __init__(self, text: bytes) -> None:
        self.text = text
        padded = _MARGIN + text
        overlapping: NDArray[np.uint64] = np.ndarray(
            len(padded) - _KEY_BYTES + 1, "<u8", padded, strides=(1,)
        )
        self._keys = overlapping.astype(np.uint64)
        self._keys_at = self._keys[MOST_BYTES - _KEY_BYTES :]
        self._order = np.argsort(self._keys_at)

    def longest_match(self, tail: bytes) -> tuple[int, list[int]]:
        """Return how many bytes at the end of `tail` occur here, and where they end, in order."""
        key, *earlier_keys = _tail_keys(tail)
        length = self._most_common_bytes(key)
        rest = (1 << 8 * (_KEY_BYTES - length)) - 1
        keys, order = self._keys_at, self._order
        first = keys.searchsorted(np.uint64(key & ~rest), sorter=order)
        last = keys.searchsorted(np.uint64(key | rest), "right", sorter=order)
        places = order[first:last]
        if length == _KEY_BYTES:
            length, places = self._lengthened(places, earlier_keys)
        return length, np.sort(places)[-MOST_PLACES:].tolist()

    def _most_common_bytes(self, key: int) -> int:
        """Return the most bytes, up to eight, that one of our places has in common with `key`."""
        keys, order = self._keys_at, self._order
        at = int(keys.searchsorted(np.uint64(key), sorter=order))
        nearest = order[max(0, at - 1) : at + 1].tolist()
        return max(_common_bytes(int(keys[place]) ^ key) for place in nearest)

    def _lengthened(
        self, places: NDArray[np.intp], earlier_keys: Sequence[int]
    ) -> tuple[int, NDArray[np.intp]]:
        """Compare what stands before matches of eight bytes, and keep the longest."""
        length = _KEY_BYTES
        for key in earlier_keys:
            differing = self._keys[places + (MOST_BYTES - _KEY_BYTES - length)] ^ np.uint64(key)
            common = _common_bytes(int(differing.min()))
            places = places[differing <= np.uint64((1 << 8 * (_KEY_BYTES - common)) - 1)]
            length += common
            if common < _KEY_BYTES:
                break
        return length, places


@lru_cache(_MOST_INDEXED)
def indexed(text: str) -> Passage:
    """Return the passage of a text that stays the same for a while, as other files do."""
    return Passage(text.encode("utf-8", "replace"))


def _tail_keys(tail: bytes) -> list[int]:
    """Return the numbers of the last eight bytes, of the eight before those, and so on."""
    filled = tail[-MOST_BYTES:].rjust(MOST_BYTES, _FILLING)
    ends = range(MOST_BYTES, 0, -_KEY_BYTES)
    return [int.from_bytes(filled[end - _KEY_BYTES : end], "little") for end in ends]


def _common_bytes(difference: int) -> int:
    """Return how many of the most significant bytes are zero."""
    return _KEY_BYTES - (difference.bit_length() + 7) // 8
