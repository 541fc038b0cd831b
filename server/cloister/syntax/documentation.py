"""Which comment or docstring documents a definition.

That is a string at the beginning of its body, else the comments that end on the line before it (or
on its own line) with nothing else between. Comments in a row are one documentation; a comment after
code on its line belongs to that code.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from tree_sitter import Node

_MOST_GAP_BYTES = 400

Bytes = tuple[int, int]


class Documentation:
    """The documentation of one text, in bytes of `encoded`."""

    __slots__ = ("_comments", "_ends", "_strings")

    def __init__(self, encoded: bytes, nodes: Iterable[Node]) -> None:
        ordered = sorted((node.start_byte, node.end_byte, "comment" in node.type) for node in nodes)
        self._strings = {
            start: (start, end) for start, end, is_comment in ordered if not is_comment
        }
        comments = [_trimmed(encoded, start, end) for start, end, is_it in ordered if is_it]
        self._comments = list(_runs(encoded, comments))
        self._ends = [end for _, end in self._comments]

    def of(self, encoded: bytes, start: int, body: int | None) -> Bytes | None:
        """Return what documents the definition from `start`, whose body begins at `body`."""
        if body is not None and (docstring := self._strings.get(body)):
            return docstring
        before = bisect_right(self._ends, start) - 1
        if before >= 0 and _is_next(encoded, self._ends[before], start):
            return self._comments[before]
        return None


def _runs(encoded: bytes, comments: list[Bytes]) -> Iterator[Bytes]:
    run: Bytes | None = None
    for start, end in comments:
        if not _begins_line(encoded, start):
            continue
        if run and _is_next(encoded, run[1], start):
            run = (run[0], end)
            continue
        if run:
            yield run
        run = (start, end)
    if run:
        yield run


def _trimmed(encoded: bytes, start: int, end: int) -> Bytes:
    return start, start + len(encoded[start:end].rstrip())


def _is_next(encoded: bytes, end: int, start: int) -> bool:
    gap = encoded[end:start] if start - end <= _MOST_GAP_BYTES else b"far"
    return not gap.strip() and gap.count(b"\n") <= 1


def _begins_line(encoded: bytes, start: int) -> bool:
    window = max(0, start - _MOST_GAP_BYTES)
    newline = encoded.rfind(b"\n", window, start)
    if newline < 0 and window:
        return False
    return not encoded[newline + 1 if newline >= 0 else window : start].strip()
