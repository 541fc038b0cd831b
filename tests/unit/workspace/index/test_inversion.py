"""Words counted all at once are those counted chunk by chunk."""

from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.workspace.index.blocks import COUNT_BITS, MOST_COUNTED
from cloister.workspace.index.inversion import Inversion
from cloister.workspace.index.words import count_terms

BLOCK, FIRST_PLACE = 3, 7


def check_chunks(texts: Sequence[str]) -> None:
    """Check that the postings of chunks with these texts are those of their counted words."""
    inversion = Inversion(FIRST_PLACE)
    expected = defaultdict(list)
    for place, text in enumerate(texts, FIRST_PLACE):
        inversion.add(text)
        for term, count in count_terms(text).items():
            expected[term].append(place << COUNT_BITS | min(count, MOST_COUNTED))
    found = {
        term: memoryview(entries).cast("H").tolist()
        for term, _, entries in inversion.postings().rows(BLOCK)
    }
    assert found == expected
    assert list(found) == sorted(found)


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [""],
        ["1 2 3 x"],
        ["getUser getName getName", "", "get user"],
        ["name " * 40, "name other name"],
        ["9lives 0x1f a1 _ __ _x", "größe gr naïve_case x", "a" * 65 + " " + "b" * 64],
        ["\ud800 lone", "tab\tand\x0cfeed\x00null"],
    ],
)
def test_words_of_chunks(texts: Sequence[str]) -> None:
    check_chunks(texts)


@given(st.lists(st.text(st.sampled_from("aAbB_1 .ßé\n"), max_size=60), max_size=6))
def test_words_of_any_chunks(texts: Sequence[str]) -> None:
    check_chunks(texts)


def test_a_block_has_room_for_so_many_chunks() -> None:
    inversion = Inversion(4094)
    assert inversion.has_room(2)
    assert not inversion.has_room(3)
    inversion.add("text")
    assert inversion.next_place == 4095
