"""Text against the slowest and plainest reference there is."""

from hypothesis import given
from hypothesis import strategies as st

from cloister.core.text import Span, Text

PIECES = [
    "\r",
    "\n",
    "\r\n",
    "\f",
    "\v",
    "\x1c",
    "\x85",
    "\u2028",
    "\u2029",
    "a",
    "é",
    "💥",
    "\ud83d",
    "\udca5",
]
texts = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


def reference_starts(value: str) -> list[int]:
    starts = [0]
    for index, char in enumerate(value):
        ends = char == "\n" or (char == "\r" and value[index + 1 : index + 2] != "\n")
        starts += [index + 1] * ends
    return starts


def check_is(text: Text, value: str) -> None:
    assert text == Text(value)
    assert list(text.line_starts) == reference_starts(value)


@given(texts)
def test_lines_start_after_line_feeds_and_carriage_returns_only(value: str) -> None:
    check_is(Text(value), value)


@given(texts)
def test_lines_and_terminators_together_are_the_text(value: str) -> None:
    text = Text(value)
    terminators = [
        value[text.line_end(line) : [*text.line_starts, len(text)][line + 1]]
        for line in range(text.line_count)
    ]
    assert set(terminators) <= {"\n", "\r\n", "\r", ""}
    assert all(terminators[:-1])
    assert terminators[-1] == ""
    lines = [text.line(line) for line in range(text.line_count)]
    assert not any(end in line for line in lines for end in "\r\n")
    assert "".join(map("".join, zip(lines, terminators, strict=True))) == value


@given(texts, st.data())
def test_edits_keep_lines_as_if_read_anew(value: str, data: st.DataObject) -> None:
    text = Text(value)
    for _ in range(5):
        ends = st.integers(0, len(text))
        start, end = sorted((data.draw(ends), data.draw(ends)))
        new = data.draw(texts)
        value = value[:start] + new + value[end:]
        text = text.replace(Span(start, end), new)
        check_is(text, value)


@given(texts)
def test_every_offset_lies_on_the_line_that_starts_last_before_it(value: str) -> None:
    text, starts = Text(value), reference_starts(value)
    for offset in range(len(value) + 1):
        assert text.line_of(offset) == sum(start <= offset for start in starts) - 1


def test_replacing_leaves_the_old_text_as_it_was() -> None:
    old = Text("a\nb\n")
    new = old.replace(Span(1, 2), "\n\n")
    assert (old.value, list(old.line_starts)) == ("a\nb\n", [0, 2, 4])
    assert (new.value, list(new.line_starts)) == ("a\n\nb\n", [0, 2, 3, 5])


def test_an_edit_moves_the_lines_after_it() -> None:
    text = Text("x = 1\n" * 200_000)
    before = text.line_starts
    edited = text.replace(Span(600_000, 600_000), "yy")
    assert edited.line_starts[:100_001] == before[:100_001]
    assert edited.line_starts[100_001] == before[100_001] + 2
    assert edited.line_count == text.line_count


def test_the_representation_shows_no_text() -> None:
    assert repr(Text("secret\n")) == "Text(7 chars, 2 lines)"
