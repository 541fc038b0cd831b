"""What words are worth in a search for chunks that have them (BM25), and which of them are read.

The most frequent words of a search are left out, because they cost most and say least: a search
reads a bounded number of entries, however large the workspace is. Chunks are cut to the same
length, so scores need not make up for that.
"""

import math
import sqlite3
from collections.abc import Iterable, Mapping

from cloister.workspace.index.blocks import MOST_COUNTED

# Some one and a half milliseconds.
_MOST_ENTRIES = 40_000
ENTRY_BYTES = 2
_SATURATION = 1.2


def rarity(n_chunks: int, n_with: int) -> float:
    """Return the weight of a word that `n_with` of the chunks have (idf)."""
    return math.log(1 + (max(n_chunks, n_with) - n_with + 0.5) / (n_with + 0.5))


def worth(count: int) -> float:
    """Return what so many occurrences of a word add to a score, as a multiple of its rarity."""
    counted = min(count, MOST_COUNTED)
    return counted * (_SATURATION + 1) / (counted + _SATURATION)


def chunk_frequencies(connection: sqlite3.Connection, terms: Iterable[int]) -> dict[int, int]:
    """Return how many chunks have each word, by number, those that are gone included."""
    query = "SELECT coalesce(sum(length(entries)), 0) FROM postings WHERE term = ?"
    return {term: connection.execute(query, (term,)).fetchone()[0] // ENTRY_BYTES for term in terms}


def affordable(frequencies: Mapping[int, int]) -> list[int]:
    """Return the words that some chunk has, the rarest first, as far as the bound allows."""
    present = sorted(filter(frequencies.get, frequencies), key=frequencies.__getitem__)
    n_entries = 0
    for position, term in enumerate(present):
        n_entries += frequencies[term]
        if n_entries > _MOST_ENTRIES and position:
            return present[:position]
    return present
