"""Edits are as small as words and lines allow, and do exactly what they should."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.edit import edited, inverse
from cloister.features.editing.minimal import minimal_edits

LINES = st.lists(st.sampled_from(["a\n", "b b\n", "c\r\n", "d\r", "\n", "été 😀\n", "a"])).map(
    "".join
)


@given(old=LINES | st.text(), new=LINES | st.text())
def test_edits_do_what_they_should(old: str, new: str) -> None:
    edits = minimal_edits(old, new)
    assert edited(old, edits) == new
    assert edited(new, inverse(old, edits)) == old
    for edit in edits:
        for end in (edit.span.start, edit.span.end):
            assert old[max(end - 1, 0) : end + 1] != "\r\n"


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        ("same\n", "same\n", []),
        ("total = 1\n", "total = 2\n", [("1", "2")]),
        ("get_name()\n", "get_size()\n", [("get_name", "get_size")]),
        ("a\nb\nc\n", "a\nx\nc\n", [("b", "x")]),
        ("a\nb\nc\n", "a\nc\n", [("b\n", "")]),
        ("a\nc\n", "a\nb\nc\n", [("", "b\n")]),
        ("a 1\nb\nc 1\n", "a 2\nb\nc 2\n", [("1", "2"), ("1", "2")]),
    ],
)
def test_edits_are_small(old: str, new: str, wanted: list[tuple[str, str]]) -> None:
    edits = minimal_edits(old, new)
    assert [(old[it.span.start : it.span.end], it.text) for it in edits] == wanted


def test_edits_stand_where_their_text_does() -> None:
    (edit,) = minimal_edits("b", "c", offset=10)
    assert (edit.span.start, edit.span.end, edit.text) == (10, 11, "c")
