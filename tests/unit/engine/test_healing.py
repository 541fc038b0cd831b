from hypothesis import given
from hypothesis import strategies as st

from cloister.engine.healing import Spellings, told_and_left

some_bytes = st.lists(st.sampled_from([b"a", b"b", b"_", b"\xff", b"\xc3"]), max_size=4).map(
    b"".join
)


@given(st.lists(some_bytes), some_bytes.filter(bool))
def test_the_tokens_that_can_open_an_answer(pieces: list[bytes], opening: bytes) -> None:
    expected = [
        token
        for token, piece in enumerate(pieces)
        if piece and (piece.startswith(opening) or opening.startswith(piece))
    ]
    assert sorted(Spellings(pieces).openings(opening)) == expected


@given(some_bytes, some_bytes)
def test_what_a_token_tells_and_leaves(piece: bytes, opening: bytes) -> None:
    if piece.startswith(opening):
        assert told_and_left(piece, opening) == (piece.removeprefix(opening), b"")
    elif opening.startswith(piece):
        assert told_and_left(piece, opening) == (b"", opening.removeprefix(piece))
