"""Scores are those that adding up one entry after the other gives."""

import sqlite3
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.workspace.index.blocks import BLOCK_CHUNKS, COUNT_BITS
from cloister.workspace.index.postings import worth
from cloister.workspace.index.scores import chunks_with, ranked, search

Places = Mapping[tuple[int, int], Mapping[int, int]]
"""How often a word is at each place of a block, by word and block."""

places = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 2)),
    st.dictionaries(st.integers(0, 40), st.integers(1, 15), min_size=1),
)
worths = st.dictionaries(st.integers(0, 5), st.floats(0.1, 10))


@pytest.fixture(scope="module")
def connection() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute("CREATE TABLE postings (term, block, entries)")
        yield made


def write(connection: sqlite3.Connection, found: Places) -> None:
    connection.execute("DELETE FROM postings")
    for (term, block), counts in found.items():
        entries = array("H", [place << COUNT_BITS | n for place, n in sorted(counts.items())])
        connection.execute("INSERT INTO postings VALUES (?, ?, ?)", (term, block, bytes(entries)))


@given(places, worths)
def test_scores_add_up(
    connection: sqlite3.Connection, found: Places, worths: dict[int, float]
) -> None:
    write(connection, found)
    expected: defaultdict[int, float] = defaultdict(float)
    for (term, block), counts in found.items():
        for place, n in counts.items():
            if term in worths:
                expected[block * BLOCK_CHUNKS + place] += worths[term] * worth(n)
    scores = search(connection, worths)
    order = list(ranked(scores, 3))
    assert {chunk: float(scores[chunk]) for chunk in order} == pytest.approx(dict(expected))
    assert order == sorted(order, key=lambda chunk: (-float(scores[chunk]), chunk))
    assert list(ranked(scores, 1000)) == order


@given(places)
def test_every_chunk_with_a_word_is_found(connection: sqlite3.Connection, found: Places) -> None:
    write(connection, found)
    expected = [
        block * BLOCK_CHUNKS + place
        for (term, block), counts in found.items()
        for place in counts
        if term == 1
    ]
    assert chunks_with(connection, 1) == sorted(expected)
