"""New files and new definitions: each answer ends as one that parses, or as a plain refusal."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.document import DocumentSnapshot
from cloister.core.edit import edited
from cloister.core.text import Span, Text
from cloister.features.editing.answer import RefusedAnswerError
from cloister.features.editing.creating import addition_edits, new_file
from cloister.features.editing.place import Place, read_document
from cloister.features.editing.task import Addition, Creation, NewFile
from cloister.syntax.languages import language_named

GOOD = "from a import area\n\n\ndef test_area():\n    assert area(1) == 1\n"
FILE = Path("/nowhere/test_a.py")
CREATION = Creation(Span(0, 0), FILE, "Write tests.", "area")
RUST = "fn area(r: u8) -> u8 {\n    r * r\n}\n"
TESTS = "#[cfg(test)]\nmod tests {\n    use super::*;\n\n    #[test]\n    fn a() { area(1); }\n}\n"
ADDITION = Addition(Span(0, 3), "tests", "Write tests.", "area")


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        f"```python\n{GOOD}```\n",
        f"Sure, here they are:\n\n```python\n{GOOD}```\nRun them with pytest.",
        f"```python\n{GOOD}",
        f"```\n{GOOD}```\nor the same again\n```\n{GOOD}```\n",
        f"```\n\n\n{GOOD}\n\n```\n",
        f"<think>area…</think>```python\n{GOOD}```",
        GOOD.replace("\n", "\r\n"),
    ],
)
def test_the_file_is_what_was_meant(answer: str) -> None:
    assert new_file(answer, CREATION, python()) == NewFile(FILE, GOOD)


def test_line_ends_are_those_of_the_document() -> None:
    file = new_file(GOOD, CREATION, python("def area(r):\r\n    return r\r\n"))
    assert file.text == GOOD.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("", "wrote nothing"),
        ("I cannot help with that.", "not be valid"),
        ("```python\n```", "wrote no code"),
        ("```python\ndef test_area(:\n```", "not be valid"),
        ("```python\ndef test_it():\n    pass\n```", "not about area"),
        ("```python\ndef test_areas():\n    pass\n```", "not about area"),
        (f"```python\n{GOOD}# ... more tests\n```", "left out code"),
        (f"```python\n{GOOD}x = '\u202e'\n```", "invisible"),
        (f"```python\n{GOOD}x = '[redacted]'\n```", "secret"),
        (f"```python\n{GOOD}```\n```python\n{GOOD}x = 1\n```", "several versions"),
        ("x" * 200_001, "far too much"),
    ],
)
def test_what_cannot_be_used_is_refused(answer: str, reason: str) -> None:
    with pytest.raises(RefusedAnswerError, match=reason):
        new_file(answer, CREATION, python())


def test_a_file_that_exists_by_now_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "test_a.py"
    file.touch()
    with pytest.raises(RefusedAnswerError, match="exists by now"):
        new_file(GOOD, Creation(Span(0, 0), file, "", "area"), python())


@given(st.text(alphabet="area def():\n`x=#…\r\t", max_size=60))
def test_whatever_is_said_becomes_a_file_or_a_refusal(answer: str) -> None:
    try:
        text = new_file(answer, CREATION, python()).text
    except RefusedAnswerError:
        return
    assert "area" in text


@pytest.mark.parametrize("answer", [TESTS, f"```rust\n{TESTS}```", f"```\n{RUST}\n{TESTS}```"])
def test_a_definition_goes_to_the_end(answer: str) -> None:
    edits = addition_edits(answer, ADDITION, place("rust", RUST))
    assert edited(RUST, edits) == f"{RUST}\n{TESTS}"


def test_a_missing_last_line_end_is_added() -> None:
    edits = addition_edits(TESTS, ADDITION, place("rust", RUST.rstrip()))
    assert edited(RUST.rstrip(), edits) == f"{RUST}\n{TESTS}"


@pytest.mark.parametrize("answer", [RUST, "mod tests { area", f"{TESTS}{TESTS}"])
def test_another_definition_is_refused(answer: str) -> None:
    with pytest.raises(RefusedAnswerError):
        addition_edits(answer, ADDITION, place("rust", RUST))


def python(source: str = "def area(r):\n    return r\n") -> Place:
    return place("python", source)


def place(language: str, source: str) -> Place:
    document = DocumentSnapshot("file:///a", Path("/a"), language, 1, Text(source))
    known = language_named(language)
    assert known is not None
    return Place(read_document(document, known), Span(0, 3))
