"""What is copied is what followed the longest match, wherever the answer has got to."""

from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.copying import LEAST_BYTES, SEPARATOR, Copier
from cloister.engine.passages import MOST_BYTES, MOST_PLACES, Passage

texts = st.text("ab\n", max_size=90).map(str.encode)


def copier(written: bytes, *passages: bytes) -> Copier:
    return Copier([Passage(passage) for passage in passages], written)


def following(copier: Copier, told: bytes) -> list[bytes]:
    return [place.following for place in copier.match(told).places]


def naive_places(source: bytes, tail: bytes) -> tuple[int, set[int]]:
    """Return the longest end of `tail` that occurs in `source`, and where it ends there."""
    for length in range(min(len(tail), MOST_BYTES), LEAST_BYTES - 1, -1):
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
    match = copier(written, source).match(b"")
    length, places = naive_places(source, written)
    assert match.length == length
    assert [place.at for place in match.places] == sorted(places)[-MOST_PLACES:]


@given(sources=st.lists(texts, max_size=3), written=texts)
def test_of_several_passages_those_with_the_longest_match_count(
    sources: list[bytes], written: bytes
) -> None:
    match = copier(written, *sources).match(b"")
    found = [naive_places(source, written) for source in sources]
    assert match.length == max((length for length, _ in found), default=0)
    n_places = sum(len(places) for length, places in found if length == match.length)
    assert len(match.places) == min(n_places, MOST_PLACES)


pieces_of_answers = st.sampled_from([b"a", b"b", b"ab", b"ba\n", b"\xc3", b"\0", b"c"])


@given(source=texts, written=texts, pieces=st.lists(pieces_of_answers, max_size=90))
def test_following_an_answer_finds_what_a_new_search_finds(
    source: bytes, written: bytes, pieces: list[bytes]
) -> None:
    following_one, told = copier(written, source), b""
    for piece in pieces:
        told += piece
        match = following_one.match(told)
        assert all(
            source[: place.at].endswith((written + told)[-match.length :]) for place in match.places
        )
        length, _ = naive_places(source, written + told)
        assert match.length >= length
        assert length in (match.length, MOST_BYTES)


def test_a_match_goes_on_as_long_as_one_of_its_places_does() -> None:
    values = copier(b"def f():\n    value = ", b"value = first(x)\nvalue = second(y)\n")
    assert [text[:5] for text in following(values, b"")] == [b"first", b"secon"]
    assert following(values, b"fir")[0].startswith(b"st(x)")
    assert values.match(b"other").places == ()


def test_nothing_is_copied_across_texts() -> None:
    returns = copier(b"    return ", SEPARATOR.join([b"return x", b"next file"]))
    assert following(returns, b"") == [b"x"]
    assert following(returns, b"x") == [b""]


def test_a_short_match_says_nothing() -> None:
    assert copier(b"ab", b"ab ab ab").match(b"").places == ()


def test_without_a_text_there_is_no_match() -> None:
    assert copier(b"written", b"").match(b"").places == copier(b"written").match(b"").places == ()
