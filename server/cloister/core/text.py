r"""Document text as a value: code-point offsets, and lines as editors cut them.

Lines end at `\n`, `\r\n` and `\r` only. `str.splitlines` also cuts at form feed, U+2028 and
others, and a server that does so edits the wrong place from then on.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

_TERMINATOR = re.compile(r"\r\n?|\n")


def with_plain_newlines(text: str) -> str:
    r"""Return the text with every line terminator written as `\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True, slots=True)
class Span:
    """The half-open range of code points from `start` to `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, repr=False)
class Text:
    """An immutable text that knows where its lines start; build it as `Text(value)`.

    `line_starts` holds the offset of every line, begins with 0 and is never empty: a text that
    ends with a terminator has an empty last line. It is derived from `value`.
    """

    value: str
    line_starts: Sequence[int] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        if not self.line_starts:
            object.__setattr__(self, "line_starts", [0, *_starts_between(self.value, 0, len(self))])

    def __len__(self) -> int:
        return len(self.value)

    def __repr__(self) -> str:
        # Tracebacks and logs may show this; the text itself stays private.
        return f"Text({len(self)} chars, {self.line_count} lines)"

    @property
    def line_count(self) -> int:
        """The number of lines, at least 1."""
        return len(self.line_starts)

    def line_start(self, line: int) -> int:
        """Return the offset of the first code point of `line`, counted from 0."""
        return self.line_starts[line]

    def line_end(self, line: int) -> int:
        """Return the offset after the last code point of `line`, before its terminator."""
        if line + 1 == self.line_count:
            return len(self)
        end = self.line_starts[line + 1]
        return end - 2 if self.value.endswith("\r\n", self.line_starts[line], end) else end - 1

    def line(self, line: int) -> str:
        """Return `line` without its terminator."""
        return self.value[self.line_start(line) : self.line_end(line)]

    def line_of(self, offset: int) -> int:
        """Return the line that holds `offset` (0 to `len`); a terminator belongs to its line."""
        return bisect_right(self.line_starts, offset) - 1

    def replace(self, span: Span, new: str) -> "Text":
        """Return the text with `new` in place of `span`; only what is new is read for lines."""
        value = "".join((self.value[: span.start], new, self.value[span.end :]))
        grown = len(new) - (span.end - span.start)
        # The code point before the edit is read again: it may be half of a `\r\n`.
        before = max(span.start - 1, 0)
        starts = list(self.line_starts[: bisect_right(self.line_starts, before)])
        starts.extend(_starts_between(value, before, span.end + grown))
        kept = self.line_starts[bisect_right(self.line_starts, span.end) :]
        starts.extend([start + grown for start in kept] if grown else kept)
        return Text(value, starts)


def _starts_between(value: str, after: int, last: int) -> list[int]:
    """Return the line starts in `value` that are greater than `after` and at most `last`."""
    # One code point beyond `last` is visible, so that a `\r\n` across it stays one terminator.
    matches = _TERMINATOR.finditer(value, after, last + 1)
    return [end for match in matches if (end := match.end()) <= last]
