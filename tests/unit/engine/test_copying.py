"""What is copied is what followed the longest match, wherever the answer has got to."""

from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.copying import LEAST_BYTES, SEPARATOR, Copier

texts = st.text("ab\n", max_size=60).map(str.encode)


def naive_places(source: bytes, tail: bytes) -> tuple[int, set[int]]:
    """Return the longest end of `tail` that occurs in `source`, and where it ends there."""
    for length in range(len(tail), LEAST_BYTES - 1, -1):
        places = {
            end
            for end in range(length, len(source) + 1)
            if source[end - length : end] == tail[-length:]
        }
        if places:
            return length, places
    return 0, set()


@given(source=texts, written=texts)
def test_the_longest_match_is_found_at_its_places(source: bytes, written: bytes) -> None:
    match = Copier(source, written).match(b"")
    length, places = naive_places(source, written)
    assert match.length == length
    assert set(match.places) <= places
    assert len(match.places) == min(len(places), 24)


@given(source=texts, written=texts, pieces=st.lists(st.binary(min_size=1, max_size=3), max_size=6))
def test_following_an_answer_finds_what_a_new_search_finds(
    source: bytes, written: bytes, pieces: list[bytes]
) -> None:
    copier, told = Copier(source, written), b""
    for piece in pieces:
        told += piece
        match = copier.match(told)
        assert all(
            source[:place].endswith((written + told)[-match.length :]) for place in match.places
        )
        length, _ = naive_places(source, written + told)
        assert match.length == length


def test_a_match_goes_on_as_long_as_one_of_its_places_does() -> None:
    copier = Copier(b"value = first(x)\nvalue = second(y)\n", b"def f():\n    value = ")
    both = copier.match(b"")
    assert [text[:5] for text in copier.following(both)] == [b"first", b"secon"]
    assert copier.following(copier.match(b"fir"))[0].startswith(b"st(x)")
    assert copier.match(b"other").places == ()


def test_nothing_is_copied_across_texts() -> None:
    source = SEPARATOR.join([b"return x", b"next file"])
    copier = Copier(source, b"    return ")
    assert copier.following(copier.match(b"")) == [b"x"]
    assert copier.following(copier.match(b"x")) == []


def test_a_short_match_says_nothing() -> None:
    assert Copier(b"ab ab ab", b"ab").match(b"").places == ()
