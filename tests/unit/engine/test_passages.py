"""The index of a passage finds what looking at every place finds."""

from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.passages import MOST_BYTES, MOST_PLACES, Passage, indexed

texts = (st.text(max_size=60) | st.text("ab ", max_size=200)).map(str.encode)


def common_end(first: bytes, second: bytes) -> int:
    pairs = zip(reversed(first), reversed(second), strict=False)
    return next(
        (n for n, (one, other) in enumerate(pairs) if one != other), min(map(len, (first, second)))
    )


@given(text=texts, tail=texts)
def test_the_longest_match_is_that_of_the_best_places(text: bytes, tail: bytes) -> None:
    length, places = Passage(text).longest_match(tail)
    ends = [min(common_end(text[:at], tail), MOST_BYTES) for at in range(len(text) + 1)]
    assert length == max(ends)
    best = [at for at, end in enumerate(ends) if end == length]
    assert places == best[-MOST_PLACES:]


def test_a_text_is_indexed_once() -> None:
    assert indexed("some text") is indexed("some text")
    assert indexed("\ud800").text == b"?"
