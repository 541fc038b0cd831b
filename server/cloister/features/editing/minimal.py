"""The smallest edits that turn one text into another, so that cursors and markers survive.

Lines are compared first, then the ends of what differs are trimmed to words. Both texts are as
large as one definition, seldom as a file; beyond a limit what differs is one edit.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import takewhile
from operator import eq

from cloister.core.edit import TextEdit
from cloister.core.text import Span

_MOST_COMPARED = 250_000
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")
_WORD_AT_END = re.compile(r"\w+\Z")
_WORD_AT_START = re.compile(r"\w+")


def minimal_edits(old: str, new: str, offset: int = 0) -> tuple[TextEdit, ...]:
    """Return edits that turn `old`, which stands at `offset` of its document, into `new`."""
    return tuple(
        trimmed
        for start, end, text in _changed_lines(old, new)
        if (trimmed := _trimmed(old[start:end], text, offset + start))
    )


def _changed_lines(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    """Yield where `old` changes, and to what."""
    before, after = _LINE.findall(old), _LINE.findall(new)
    if len(before) * len(after) > _MOST_COMPARED:
        yield 0, len(old), new
        return
    starts = [0]
    for line in before:
        starts.append(starts[-1] + len(line))
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, new_first, new_last in matcher.get_opcodes():
        if kind != "equal":
            yield starts[first], starts[last], "".join(after[new_first:new_last])


def _trimmed(old: str, new: str, offset: int) -> TextEdit | None:
    if old == new:
        return None
    head = _without_half_word(_common_head(old, new), (old, new))
    old, new = old[head:], new[head:]
    tail = _common_tail(old, new)
    end = len(old) - tail
    return TextEdit(Span(offset + head, offset + head + end), new[: len(new) - tail])


def _common_head(old: str, new: str) -> str:
    n_equal = sum(1 for _ in takewhile(bool, map(eq, old, new)))
    return old[:n_equal]


def _without_half_word(common: str, texts: tuple[str, str]) -> int:
    """Return how much of the common beginning ends with whole words and whole line ends."""
    length = len(common)
    if any(re.match(r"\w", text[length : length + 1]) for text in texts):
        length -= len(match[0]) if (match := _WORD_AT_END.search(common)) else 0
    return length - 1 if common[:length].endswith("\r") else length


def _common_tail(old: str, new: str) -> int:
    common = _common_head(old[::-1], new[::-1])[::-1]
    before = [text[: len(text) - len(common)][-1:] for text in (old, new)]
    if any(re.match(r"\w", char) for char in before):
        common = common[len(match[0]) :] if (match := _WORD_AT_START.match(common)) else common
    splits_line_end = common.startswith("\n") and "\r" in before
    return len(common) - splits_line_end
