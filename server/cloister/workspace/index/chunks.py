"""Cuts a file into chunks of about 20 lines, where a blank line or the end of a block allows.

A chunk is what a search for similar code finds: long enough to tell what it is about, short enough
to be shown. Chunks cover the file without gaps and without overlap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_USUAL_LINES = 20
_FEWEST_LINES = 12
_MOST_LINES = 28
# A line of a table or of data says nothing that a thousand characters do not say.
_MOST_LINE_CHARS = 1000
MOST_CHUNKS = 1000


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines `first_line` to `last_line` of a file, counted from 0, and their text."""

    first_line: int
    last_line: int
    text: str


def chunks_of(lines: Sequence[str]) -> Iterator[Chunk]:
    """Cut the lines of a file; those that hold nothing but white space are left out."""
    start = 0
    for _ in range(MOST_CHUNKS):
        if start >= len(lines):
            return
        end = _end_of_chunk(lines, start)
        chunk = lines[start:end]
        text = "\n".join(chunk)
        if len(text) > _MOST_LINE_CHARS:
            text = "\n".join([line[:_MOST_LINE_CHARS] for line in chunk])
        if text and not text.isspace():
            yield Chunk(start, end - 1, text)
        start = end


def _end_of_chunk(lines: Sequence[str], start: int) -> int:
    """Return the line after the chunk: the best place near the usual length."""
    if start + _MOST_LINES >= len(lines):
        return len(lines)
    first, last = start + _FEWEST_LINES, start + _MOST_LINES
    ends = enumerate(lines[first - 1 : last], first)
    after_blank = [place for place, line in ends if not line or line.isspace()]
    usual = start + _USUAL_LINES
    return min(after_blank, key=lambda at: _indentation(lines[at]) + abs(at - usual), default=usual)


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
