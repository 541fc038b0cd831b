"""Turns the words of chunks into postings: which chunks have a word, for all words at once.

Counting word by word takes longer than parsing, so this works on arrays. It counts what
`words.count_terms` counts, which is for single buffers.
"""

import os
from array import array
from typing import Any

# Workers are forked, which no thread would outlive; nothing here needs any.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import numpy.typing as npt

from cloister.workspace.index.blocks import (
    BLOCK_CHUNKS,
    COUNT_BITS,
    MOST_COUNTED,
    PLACE_BITS,
    BlockPostings,
)
from cloister.workspace.index.words import identifiers_in, term_id, terms_of

# Of 64 bits without a sign; numpy's stubs take what is shifted for signed.
Numbers = npt.NDArray[Any]

_MOST_KEPT = 50_000
_DIGITS = b"0123456789"
_WORD_BYTES = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_" + _DIGITS
# Puts a blank in place of everything that no word of plain text has.
_WORDS_ONLY = bytes(byte if byte in _WORD_BYTES else ord(" ") for byte in range(256))
_IDENTIFIER_BITS = 32


class Inversion:
    """The words of the chunks of one block; chunks get places in the order they come."""

    def __init__(self, first_place: int) -> None:
        if len(_KNOWN) > _MOST_KEPT:
            _KNOWN.forget()
        self._first_place = first_place
        self._identifiers = array("I")
        self._lengths = array("I")

    @property
    def next_place(self) -> int:
        """The place in the block that the next chunk gets."""
        return self._first_place + len(self._lengths)

    def has_room(self, n_chunks: int) -> bool:
        """Return whether the block can take so many more chunks."""
        return self.next_place + n_chunks <= BLOCK_CHUNKS

    def add(self, text: str) -> None:
        """Take in the text of the next chunk."""
        n_before = len(self._identifiers)
        self._identifiers.extend(map(_KNOWN.__getitem__, _words_in(text)))
        self._lengths.append(len(self._identifiers) - n_before)

    def postings(self) -> BlockPostings:
        """Return the chunks of every word, words by their numbers and chunks by their places."""
        # A key holds a word, a place and, in its lowest bits, how often something is repeated.
        keys = self._keys()
        keys.sort()
        starts = _starts_of_runs(keys >> COUNT_BITS)
        counts = np.minimum(np.add.reduceat(keys & MOST_COUNTED, starts) + 1, MOST_COUNTED)
        entries = (keys[starts] & ~np.uint64(MOST_COUNTED) | counts).astype(np.uint16)
        terms = (keys[starts] >> (PLACE_BITS + COUNT_BITS)).astype(np.uint32)
        starts = _starts_of_runs(terms)
        sizes = _lengths_of_runs(starts, len(terms)) * entries.itemsize
        return BlockPostings(
            terms[starts].tobytes(), sizes.astype(np.uint32).tobytes(), entries.tobytes()
        )

    def _keys(self) -> Numbers:
        """Return a key for every word of every identifier of every chunk."""
        identifiers, entries = self._distinct()
        terms, ends = _KNOWN.arrays()
        firsts = np.concatenate((np.zeros(1, np.int64), ends))[identifiers]
        lengths = ends[identifiers] - firsts
        # The numbers from `firsts` on, as many as `lengths` say, for each identifier.
        before = np.cumsum(lengths) - lengths
        chosen = np.arange(lengths.sum()) + np.repeat(firsts - before, lengths)
        keys: Numbers = terms[chosen] << (PLACE_BITS + COUNT_BITS) | np.repeat(entries, lengths)
        return keys

    def _distinct(self) -> tuple[npt.NDArray[np.int64], Numbers]:
        """Return every identifier of every chunk once, with its place and its repetitions."""
        places = np.arange(self._first_place, self.next_place, dtype=np.uint64)
        keys = np.repeat(places, np.array(self._lengths)) << _IDENTIFIER_BITS
        keys |= np.array(self._identifiers)
        keys.sort()
        starts = _starts_of_runs(keys)
        repeats = np.minimum(_lengths_of_runs(starts, len(keys)), MOST_COUNTED) - 1
        keys = keys[starts]
        identifiers = keys.astype(np.uint32).astype(np.int64)
        return identifiers, keys >> _IDENTIFIER_BITS << COUNT_BITS | repeats.astype(np.uint64)


def _starts_of_runs(numbers: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return where runs of equal numbers start."""
    changes = numbers[1:] != numbers[:-1]
    return np.flatnonzero(np.concatenate((np.ones(min(1, len(numbers)), bool), changes)))


def _lengths_of_runs(starts: npt.NDArray[np.int64], n_all: int) -> npt.NDArray[np.int64]:
    return np.diff(starts, append=n_all)


def _words_in(text: str) -> list[bytes]:
    """Return what stands between everything that belongs to no word; numbers are among it."""
    if text.isascii():
        return text.encode().translate(_WORDS_ONLY).split()
    return [identifier.encode("utf-8", "replace") for identifier in identifiers_in(text)]


class _Known(dict[bytes, int]):
    """The identifiers that were seen lately, numbered, with the numbers of their words."""

    def __init__(self) -> None:
        super().__init__()
        self._terms = array("I")
        self._ends = array("I")

    def __missing__(self, word: bytes) -> int:
        # Numbers and single letters are no words.
        if len(word) > 1 and word[0] not in _DIGITS:
            self._terms.extend(set(map(term_id, terms_of(word.decode()))))
        self._ends.append(len(self._terms))
        self[word] = len(self)
        return len(self) - 1

    def arrays(self) -> tuple[Numbers, npt.NDArray[np.int64]]:
        """Return the words of all identifiers in their order, and where those of each end."""
        return np.array(self._terms, np.uint64), np.array(self._ends, np.int64)

    def forget(self) -> None:
        """Begin anew."""
        self.clear()
        self._terms, self._ends = array("I"), array("I")


_KNOWN = _Known()
