"""What is said over and over is heard once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.features.editing.repetition import repeats_itself, said_once

BEGINNING = "The function adds two numbers. It has no side effects: "
PASSAGE = "It is not only short but also easy to read, because it uses the sum of both.\n\n"


@pytest.mark.parametrize(
    ("passage", "times"), [(PASSAGE, 20), (PASSAGE * 5, 5), ("0, ", 400), (" ", 1_000)]
)
def test_a_passage_that_fills_much_is_a_repetition(passage: str, times: int) -> None:
    assert repeats_itself(BEGINNING + passage * times)


@pytest.mark.parametrize(("passage", "times"), [(PASSAGE, 8), ("0, ", 200)])
def test_one_that_fills_little_is_none(passage: str, times: int) -> None:
    assert not repeats_itself(BEGINNING + passage * times)


def test_half_a_passage_at_the_end_changes_nothing() -> None:
    text = BEGINNING + PASSAGE * 20 + PASSAGE[:30]
    assert repeats_itself(text)
    assert said_once(text) == BEGINNING + PASSAGE


def test_numbered_lines_are_no_repetition() -> None:
    assert not repeats_itself("".join(f"    values[{i}] = table[{i}]\n" for i in range(200)))


@given(st.text(max_size=300), st.text(min_size=1, max_size=60))
def test_what_is_left_is_a_beginning(before: str, passage: str) -> None:
    text = before + passage * 200
    once = said_once(text)
    assert text.startswith(once)
    assert once == text or len(once) <= len(before) + 2 * len(passage)


@given(st.text(max_size=900))
def test_short_texts_stay_as_they_are(text: str) -> None:
    assert said_once(text) == text
