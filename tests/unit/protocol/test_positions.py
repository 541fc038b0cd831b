"""Positions against a reference that encodes one character at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types
from lsprotocol.types import Position, PositionEncodingKind, Range

from cloister.core.text import Span, Text
from cloister.protocol import from_lsp, to_lsp

PIECES = [
    "\r",
    "\n",
    "\r\n",
    "\f",
    "\u2028",
    "a",
    "é",
    "e\u0301",
    "ß",
    "漢",
    "💥",
    "👩‍👩‍👧",
    "\ud83d",
    "\udca5",
]
texts = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
encodings = st.sampled_from(PositionEncodingKind)
# Out of range on purpose, up to the greatest number that the protocol allows.
numbers = st.one_of(st.integers(0, 40), st.just(2**31 - 1))
positions = st.builds(Position, line=numbers, character=numbers)

CODECS = {
    PositionEncodingKind.Utf8: ("utf-8", 1),
    PositionEncodingKind.Utf16: ("utf-16-le", 2),
    PositionEncodingKind.Utf32: ("utf-32-le", 4),
}


def reference_offset(value: str, position: Position, encoding: PositionEncodingKind) -> int:
    codec, unit_bytes = CODECS[encoding]
    index, line, units = 0, 0, 0
    while index < len(value) and line < position.line:
        line += value[index] == "\n" or (
            value[index] == "\r" and value[index : index + 2] != "\r\n"
        )
        index += 1
    if line < position.line:
        return len(value)
    while index < len(value) and value[index] not in "\r\n":
        units += len(value[index].encode(codec, "surrogatepass")) // unit_bytes
        if units > position.character:
            break
        index += 1
    return index


@given(texts, positions, encodings)
def test_positions_become_the_offsets_of_the_reference(
    value: str, position: Position, encoding: PositionEncodingKind
) -> None:
    offset = from_lsp.offset(Text(value), position, encoding)
    assert offset == reference_offset(value, position, encoding)


@given(texts, encodings, st.data())
def test_offsets_survive_the_way_there_and_back(
    value: str, encoding: PositionEncodingKind, data: st.DataObject
) -> None:
    text = Text(value)
    offset = data.draw(st.integers(0, len(value)))
    back = from_lsp.offset(text, to_lsp.position(text, offset, encoding), encoding)
    inside_terminator = offset > text.line_end(text.line_of(offset))
    assert back == (offset - 1 if inside_terminator else offset)


@given(texts, positions, positions, encodings)
def test_an_inverted_range_is_the_range_turned_round(
    value: str, start: Position, end: Position, encoding: PositionEncodingKind
) -> None:
    text = Text(value)
    span = from_lsp.span(text, Range(start, end), encoding)
    assert span == from_lsp.span(text, Range(end, start), encoding)
    assert 0 <= span.start <= span.end <= len(value)


@given(texts, st.lists(st.tuples(positions, positions, texts), max_size=6), encodings)
def test_changes_apply_one_after_the_other(
    value: str, changes: list[tuple[Position, Position, str]], encoding: PositionEncodingKind
) -> None:
    events = [
        types.TextDocumentContentChangePartial(range=Range(start, end), text=new)
        for start, end, new in changes
    ]
    edited = from_lsp.edited(Text(value), events, encoding)
    for start, end, new in changes:
        first, last = sorted(reference_offset(value, place, encoding) for place in (start, end))
        value = value[:first] + new + value[last:]
    assert edited == Text(value)
    assert list(edited.line_starts) == list(Text(value).line_starts)


@pytest.mark.parametrize(
    ("encoding", "characters"),
    [
        (PositionEncodingKind.Utf8, [0, 1, 1, 1, 1, 5, 6, 6]),
        (PositionEncodingKind.Utf16, [0, 1, 1, 3, 4, 4, 4, 4]),
        (PositionEncodingKind.Utf32, [0, 1, 2, 3, 3, 3, 3, 3]),
    ],
)
def test_the_middle_of_a_character_is_its_start(
    encoding: PositionEncodingKind, characters: list[int]
) -> None:
    text = Text("a💥b\n")
    offsets = [from_lsp.offset(text, Position(0, unit), encoding) for unit in range(8)]
    assert [to_lsp.position(text, offset, encoding).character for offset in offsets] == characters


def test_a_whole_text_replaces_everything() -> None:
    changes: list[types.TextDocumentContentChangeEvent] = [
        types.TextDocumentContentChangePartial(
            range=Range(Position(9, 9), Position(9, 9)), text="lost"
        ),
        types.TextDocumentContentChangeWholeDocument(text="new\r"),
        types.TextDocumentContentChangePartial(
            range=Range(Position(1, 0), Position(1, 0)), text="!"
        ),
    ]
    assert from_lsp.edited(Text("old"), changes, PositionEncodingKind.Utf16).value == "new\r!"


def test_the_middle_of_a_terminator_is_the_end_of_its_line() -> None:
    text = Text("ab\r\nc")
    assert to_lsp.position(text, 3, PositionEncodingKind.Utf16) == Position(0, 2)


def test_a_range_covers_its_span() -> None:
    text = Text("a\n💥 b\n")
    assert to_lsp.lsp_range(text, Span(4, 5), PositionEncodingKind.Utf16) == Range(
        Position(1, 3), Position(1, 4)
    )
