"""What the peer is asked, and where long answers are asked for."""

from bench.engine.peer import window
from bench.engine.recording import KeyKind, Keystroke, library_files
from bench.engine.texts import prose_places, repeating_places

LINES = [f"line {number}\n" for number in range(1000)]


def test_the_window_is_that_of_the_editor_plugins() -> None:
    before = "".join(LINES[:500]) + "lin"
    key = Keystroke(KeyKind.TYPE, before + "".join(["e 500\n", *LINES[501:]]), len(before))
    assert window(key) == {
        "input_prefix": "".join(LINES[244:500]),
        "prompt": "lin",
        "input_suffix": "".join(["e 500\n", *LINES[501:565]]),
    }


def test_the_window_at_the_beginning_has_nothing_before() -> None:
    assert window(Keystroke(KeyKind.TYPE, "ab", 1)) == {
        "input_prefix": "",
        "prompt": "a",
        "input_suffix": "b",
    }


def test_repeated_code_stands_twice_before_the_cursor() -> None:
    for place in repeating_places(library_files()[0]):
        before = place.text[: place.offset].splitlines(keepends=True)
        assert before[-2:] == before[-14:-12]


def test_prose_is_cut_within_a_comment() -> None:
    places = prose_places(library_files()[0])
    assert len(places) == 6
    for place in places:
        line = place.text[: place.offset].rpartition("\n")[2]
        assert line.strip().startswith("#")
        assert not place.text[place.offset :].startswith("\n")
