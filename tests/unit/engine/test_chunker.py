from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from cloister.core.generation import Chunk
from cloister.engine.chunker import Chunker


def chunks_of(pieces: list[bytes], stop: list[str]) -> tuple[list[Chunk], bool]:
    chunker = Chunker(stop)
    chunks = []
    for piece in pieces:
        chunks.append(chunker.push(piece, 0.5))
        if chunker.stopped:
            break
    chunks.append(chunker.rest())
    return [chunk for chunk in chunks if chunk is not None], chunker.stopped


def cut_at_stop(text: str, stop: list[str]) -> str:
    ends = [text.find(mark) for mark in stop if mark and mark in text]
    return text[: min(ends)] if ends else text


@st.composite
def pieces_of_text(draw: st.DrawFn) -> tuple[str, list[bytes]]:
    text = draw(st.text(alphabet="ab\né😀"))
    encoded = text.encode()
    cuts = sorted(draw(st.lists(st.integers(0, len(encoded)))))
    return text, [encoded[a:b] for a, b in pairwise([0, *cuts, len(encoded)])]


@given(pieces_of_text(), st.lists(st.text(alphabet="ab\né😀", max_size=3), max_size=2))
def test_chunks_are_the_text_up_to_the_first_stop_text(
    written: tuple[str, list[bytes]], stop: list[str]
) -> None:
    text, pieces = written
    chunks, stopped = chunks_of(pieces, stop)
    # Tokens arrive one by one, so the stop text that is complete first counts.
    first_end = next(
        (
            encoded
            for n in range(len(pieces) + 1)
            if cut_at_stop(encoded := b"".join(pieces[:n]).decode(errors="ignore"), stop) != encoded
        ),
        text,
    )
    assert "".join(chunk.text for chunk in chunks) == cut_at_stop(first_end, stop)
    assert stopped == (cut_at_stop(text, stop) != text)
    assert all(chunk.text for chunk in chunks)


def test_a_code_point_is_never_cut() -> None:
    chunker = Chunker([])
    encoded = "😀".encode()
    assert [chunker.push(bytes([byte]), 0.5) for byte in encoded[:3]] == [None, None, None]
    assert chunker.push(encoded[3:], 0.5) == Chunk("😀", 0.0625, 4)
    assert chunker.rest() is None


def test_an_unfinished_code_point_is_dropped_at_the_end() -> None:
    chunker = Chunker([])
    assert chunker.push(b"a" + "é".encode()[:1], 0.9) == Chunk("a", 0.9)
    assert chunker.rest() is None


def test_what_may_begin_a_stop_text_is_held_back_and_each_token_counts_once() -> None:
    chunker = Chunker(["\n\n"])
    assert chunker.push(b"x\n", 0.3) == Chunk("x", 0.3)
    assert chunker.push(b"y", 0.8) == Chunk("\ny", 0.8)
    assert chunker.push(b"\n", 0.7) is None
    assert chunker.rest() == Chunk("\n", 0.7)


def test_the_stop_text_itself_is_not_written() -> None:
    chunker = Chunker(["END"])
    assert chunker.push(b"aE", 0.9) == Chunk("a", 0.9)
    assert chunker.push(b"NDb", 0.9) is None
    assert chunker.stopped
    assert chunker.rest() is None
