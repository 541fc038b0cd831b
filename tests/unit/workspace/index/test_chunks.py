import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.workspace.index.chunks import MOST_CHUNKS, chunks_of

CODE = "    x = 1"


def check_cuts(lines: list[str], expected: list[tuple[int, int]]) -> None:
    found = [(chunk.first_line, chunk.last_line) for chunk in chunks_of(lines)]
    assert found == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], []),
        (["", "  ", "\t"], []),
        ([CODE] * 28, [(0, 27)]),
        ([CODE] * 60, [(0, 19), (20, 39), (40, 59)]),
        ([CODE] * 16 + [""] + [CODE] * 33, [(0, 16), (17, 36), (37, 49)]),
        # The blank line before a definition is better than a nearer one inside of a block.
        ([CODE] * 15 + ["", "def f():"] + [CODE] * 4 + [""] + [CODE] * 20, [(0, 15), (16, 41)]),
    ],
    ids=["nothing", "blank", "short", "no place", "a blank line", "a definition"],
)
def test_cuts(lines: list[str], expected: list[tuple[int, int]]) -> None:
    check_cuts(lines, expected)


@given(st.lists(st.sampled_from(["", CODE, "def f():", "\t", "}"]), max_size=200))
def test_chunks_hold_every_line_with_text_once(lines: list[str]) -> None:
    chunks = list(chunks_of(lines))
    covered = [line for chunk in chunks for line in range(chunk.first_line, chunk.last_line + 1)]
    assert covered == sorted(set(covered))
    assert {n for n, line in enumerate(lines) if line.strip()} <= set(covered)
    for chunk in chunks:
        assert chunk.text == "\n".join(lines[chunk.first_line : chunk.last_line + 1])


def test_a_file_without_end_is_cut_off() -> None:
    assert sum(1 for _ in chunks_of([CODE] * 40 * MOST_CHUNKS)) == MOST_CHUNKS


def test_a_line_without_end_is_cut_off() -> None:
    (chunk,) = chunks_of(["x" * 100_000])
    assert len(chunk.text) == 1000
