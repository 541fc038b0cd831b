"""The scores of chunks in a search, from the arrays that batches made.

All entries of all words are counted at once: one by one they take ten times as long. This is the
only module of the read side that knows numpy, which takes 0.1 s to import: it is imported by the
first search, and a window is open before that.
"""

import sqlite3
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from cloister.workspace.index.blocks import BLOCK_CHUNKS, COUNT_BITS, MOST_COUNTED
from cloister.workspace.index.postings import ENTRY_BYTES, worth

Scores = NDArray[np.float64]
"""The score of every chunk by its number; those after the last one that has a word are left out."""

_WORTHS = np.array([worth(count) for count in range(MOST_COUNTED + 1)])


def search(connection: sqlite3.Connection, worths: Mapping[int, float]) -> Scores:
    """Return the score of every chunk; `worths` is what each word counts.

    Chunks that are gone are among them.
    """
    rows = [(worths[term], *row) for term in worths for row in _postings(connection, term)]
    if not rows:
        return np.zeros(0)
    weights, blocks, packed = zip(*rows, strict=True)
    entries = np.frombuffer(b"".join(packed), np.uint16)
    lengths = [len(each) // ENTRY_BYTES for each in packed]
    first_places = np.repeat(np.array(blocks, np.int64) * BLOCK_CHUNKS, lengths)
    scores = np.repeat(weights, lengths) * _WORTHS[entries & MOST_COUNTED]
    return np.bincount(first_places + (entries >> COUNT_BITS), scores).astype(np.float64)


def chunks_with(connection: sqlite3.Connection, term: int) -> list[int]:
    """Return the chunks that have a word, those that are gone included."""
    scores = search(connection, {term: 1.0})
    return np.nonzero(scores)[0].tolist()


def ranked(scores: Scores, n_likely: int) -> Iterator[int]:
    """Yield the chunks by falling score, equal ones in their order; `n_likely` of them cheaply."""
    (found,) = np.nonzero(scores > 0)
    if len(found) > n_likely > 0:
        values = scores[found]
        least = np.partition(values, len(found) - n_likely)[len(found) - n_likely]
        yield from _in_order(scores, found[values >= least])
        found = found[values < least]
    yield from _in_order(scores, found)


def _postings(connection: sqlite3.Connection, term: int) -> list[tuple[int, bytes]]:
    query = "SELECT block, entries FROM postings WHERE term = ?"
    return connection.execute(query, (term,)).fetchall()


def _in_order(scores: Scores, chunks: NDArray[np.intp]) -> list[int]:
    order: list[int] = chunks[np.argsort(-scores[chunks], kind="stable")].tolist()
    return order
