"""Takes a text that somebody else wrote anew, only if it changes nothing outside of some lines."""

from collections.abc import Iterable, Sequence

from cloister.core.edit import TextEdit
from cloister.core.text import Span, Text
from cloister.features.editing.minimal import minimal_edits
from cloister.features.editing.propose import whole_lines


def line_ranges(text: Text, spans: Iterable[Span]) -> list[Span]:
    """Return the whole lines that some spans touch, in order; neighbours are one range."""
    ranges: list[Span] = []
    for lines in sorted((whole_lines(text, it) for it in spans), key=lambda it: it.start):
        if ranges and lines.start <= ranges[-1].end + 1:
            ranges[-1] = Span(ranges[-1].start, max(ranges[-1].end, lines.end))
        else:
            ranges.append(lines)
    return ranges


def edits_within(before: str, ranges: Sequence[Span], after: str) -> tuple[TextEdit, ...]:
    """Return the smallest edits within `ranges` (in order) that turn `before` into `after`.

    Nothing when there are none: what lies around the ranges has to occur in `after` in order.
    """
    ends = [0, *(it.end for it in ranges)]
    starts = [*(it.start for it in ranges), len(before)]
    first, *gaps, rest = (before[end:start] for end, start in zip(ends, starts, strict=True))
    at, last = len(first), len(after) - len(rest)
    if last < at or not (after.startswith(first) and after.endswith(rest)):
        return ()
    edits: list[TextEdit] = []
    for span, gap in zip(ranges, (*gaps, None), strict=True):
        end = last if gap is None else after.find(gap, at, last)
        if end < 0:
            return ()
        edits += minimal_edits(before[span.start : span.end], after[at:end], span.start)
        at = end + len(gap or "")
    return tuple(edits)
