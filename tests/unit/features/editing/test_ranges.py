"""A text that somebody wrote anew counts only where it may differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.edit import edited
from cloister.core.text import Span, Text
from cloister.features.editing.ranges import edits_within, line_ranges

BEFORE = "import b\nimport a\n\n\ndef f( x ):\n    return( x )\n\n\ny=1\n"
BODY = Span(BEFORE.index("def"), BEFORE.index("\n\n\ny"))
IMPORTS = Span(0, BEFORE.index("\n\n\ndef"))
LINES = st.lists(st.sampled_from(["a\n", "b\n", "\n", "a", " a\n"]), max_size=6).map("".join)


@pytest.mark.parametrize(
    ("spans", "ranges"),
    [
        ([], []),
        ([Span(1, 1)], [Span(0, 8)]),
        ([Span(20, 24), Span(30, 40)], [Span(20, len(BEFORE) - 7)]),
        ([Span(40, 40), Span(9, 9), Span(0, 2)], [Span(0, 17), Span(32, 47)]),
    ],
)
def test_neighbouring_lines_are_one_range(spans: list[Span], ranges: list[Span]) -> None:
    assert line_ranges(Text(BEFORE), spans) == ranges


@pytest.mark.parametrize(
    ("after", "is_taken"),
    [
        (BEFORE.replace("( x )", "(x)"), True),
        (BEFORE.replace("import b\nimport a", "import a\nimport b"), True),
        (BEFORE.replace("def f( x ):\n    return( x )", "\n\ndef f(x):\n    return x\n"), True),
        (BEFORE.replace("y=1", "y = 1"), False),
        (BEFORE.replace("y=1", "y = 1").replace("( x )", "(x)"), False),
        (BEFORE.replace("\n\n\ny", "\ny"), False),
        (BEFORE, False),
        ("", False),
        (BEFORE[:-1], False),
        (BEFORE.replace("\n", "\r\n"), False),
    ],
)
def test_what_changes_elsewhere_is_not_taken(after: str, *, is_taken: bool) -> None:
    edits = edits_within(BEFORE, [IMPORTS, BODY], after)
    assert edited(BEFORE, edits) == (after if is_taken else BEFORE)


@given(st.tuples(LINES, LINES, LINES, LINES, LINES, LINES))
def test_every_change_within_the_ranges_is_found(texts: tuple[str, ...]) -> None:
    first, old, gap, old_two, rest, new = texts
    before = first + old + gap + old_two + rest
    start = len(first) + len(old) + len(gap)
    ranges = [Span(len(first), len(first) + len(old)), Span(start, start + len(old_two))]
    after = first + new + gap + new[::-1] + rest
    assert edited(before, edits_within(before, ranges, after)) == after


@given(LINES, LINES, st.integers(0, 12), st.integers(0, 12))
def test_edits_stay_within_and_do_all_or_nothing(
    before: str, after: str, start: int, end: int
) -> None:
    spans = [Span(min(start, end, len(before)), min(max(start, end), len(before)))]
    ranges = line_ranges(Text(before), spans)
    edits = edits_within(before, ranges, after)
    assert edited(before, edits) in (before, after)
    assert all(ranges[0].start <= it.span.start <= it.span.end <= ranges[0].end for it in edits)
