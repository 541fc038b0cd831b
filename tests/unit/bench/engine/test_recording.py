"""The recording is what a person could have typed, and typing all of it restores the file."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from bench.engine.recording import (
    JUMP_LINES,
    N_LINES,
    KeyKind,
    Keystroke,
    library_files,
    record_keystrokes,
)

TEXT = "".join(f"{'    ' * (number % 3)}line {number} is here\n\n" for number in range(150))
EVERYTHING = 100_000
seeds = st.integers(0, 10_000)


def line_of(key: Keystroke) -> int:
    return key.text.count("\n", 0, key.offset)


@given(seeds)
def test_each_key_is_one_small_edit(seed: int) -> None:
    keys = record_keystrokes(TEXT, 200, seed)
    assert len(keys) == 200
    for before, key in itertools.pairwise(keys):
        n_written = len(key.text) - len(before.text)
        start = key.offset - max(n_written, 0)
        written = key.text[start : key.offset]
        if key.kind is KeyKind.DELETE:
            assert n_written == -1
            assert key.offset == before.offset - 1
        else:
            assert before.text[:start] + written + before.text[start:] == key.text
            assert len(written) == 1 or written[0] == "\n"
            assert not written.strip() or len(written) == 1
        if key.kind is KeyKind.NEWLINE:
            assert written[0] == "\n"
        if key.kind in {KeyKind.TYPE, KeyKind.NEWLINE}:
            assert start == before.offset


@given(seeds)
def test_jumps_stay_near(seed: int) -> None:
    keys = record_keystrokes(TEXT, 200, seed)
    distances = [abs(line_of(key) - line_of(before)) for before, key in itertools.pairwise(keys)]
    # A jump counts from the first of up to three lines that were typed.
    assert max(distances) <= JUMP_LINES + 2


@given(seeds)
def test_typing_everything_restores_the_file(seed: int) -> None:
    keys = record_keystrokes(TEXT, EVERYTHING, seed)
    assert len(keys) < EVERYTHING
    assert keys[-1].text == TEXT


def test_every_kind_of_key_is_recorded() -> None:
    kinds = {key.kind for key in record_keystrokes(library_files()[0], 300)}
    assert kinds == set(KeyKind)


def test_the_files_are_long_and_differ() -> None:
    files = library_files()
    assert {text.count("\n") for text in files} == {N_LINES}
    assert len(set(files)) == 4
