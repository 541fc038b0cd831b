"""Which chunks have given words: BM25 over the arrays that batches made.

The most frequent words of a search are left out, because they cost most and say least: a search
reads a bounded number of entries, however large the workspace is. Chunks are cut to the same
length, so scores need not make up for that.
"""

import heapq
import math
import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cloister.workspace.index.batch import COUNT_BITS, MOST_COUNTED, PLACE_BITS

# Some two milliseconds.
_MOST_ENTRIES = 6_000
_ENTRY_BYTES = 2
_SATURATION = 1.2


def rarity(n_chunks: int, n_with: int) -> float:
    """Return the weight of a word that `n_with` of the chunks have (idf)."""
    return math.log(1 + (max(n_chunks, n_with) - n_with + 0.5) / (n_with + 0.5))


def worth(count: int) -> float:
    """Return what so many occurrences of a word add to a score, as a multiple of its rarity."""
    counted = min(count, MOST_COUNTED)
    return counted * (_SATURATION + 1) / (counted + _SATURATION)


_WORTHS = [worth(count) for count in range(MOST_COUNTED + 1)]


def chunk_frequencies(connection: sqlite3.Connection, terms: Iterable[int]) -> dict[int, int]:
    """Return how many chunks have each word, by number, those that are gone included."""
    query = "SELECT coalesce(sum(length(entries)), 0) FROM postings WHERE term = ?"
    return {
        term: connection.execute(query, (term,)).fetchone()[0] // _ENTRY_BYTES for term in terms
    }


def search(connection: sqlite3.Connection, worths: Mapping[int, float]) -> dict[int, float]:
    """Return the score of every chunk that has one of the words; `worths` is what each counts.

    Chunks that are gone are among them.
    """
    scores: defaultdict[int, float] = defaultdict(float)
    for term, weight in worths.items():
        _add_scores(connection, term, [weight * each for each in _WORTHS], scores)
    return scores


def affordable(frequencies: Mapping[int, int]) -> list[int]:
    """Return the words that some chunk has, the rarest first, as far as the bound allows."""
    present = sorted(filter(frequencies.get, frequencies), key=frequencies.__getitem__)
    n_entries = 0
    for position, term in enumerate(present):
        n_entries += frequencies[term]
        if n_entries > _MOST_ENTRIES and position:
            return present[:position]
    return present


def ranked(scores: Mapping[int, float], n_likely: int) -> Iterator[int]:
    """Yield the chunks by falling score, equal ones in their order; `n_likely` of them cheaply."""
    if len(scores) > n_likely:
        least = heapq.nlargest(n_likely, scores.values())[-1]
        upper = {chunk: score for chunk, score in scores.items() if score >= least}
        yield from sorted(upper, key=lambda chunk: (-upper[chunk], chunk))
        scores = {chunk: score for chunk, score in scores.items() if score < least}
    yield from sorted(scores, key=lambda chunk: (-scores[chunk], chunk))


def _add_scores(
    connection: sqlite3.Connection,
    term: int,
    worths: Sequence[float],
    scores: defaultdict[int, float],
) -> None:
    query = "SELECT block, entries FROM postings WHERE term = ?"
    for block, entries in connection.execute(query, (term,)):
        base = block << PLACE_BITS
        for entry in array("H", entries):
            scores[base + (entry >> COUNT_BITS)] += worths[entry & MOST_COUNTED]
