"""Builds the context of one request: the window around the cursor in real tokens of the model.

Counting costs a message to whoever owns the tokenizer, so counts are kept by line text; while the
user types, only the line under the cursor is new, and its bytes bound its tokens from above.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path

from cloister.context.window import Anchor, WindowBudget, plan_anchor
from cloister.core.context import CompletionContext
from cloister.core.document import DocumentSnapshot
from cloister.core.text import Span, Text, with_plain_newlines

CountTokens = Callable[[Sequence[str]], Awaitable[list[int]]]

MOST_PATH_TOKENS = 48

_MOST_CHARS_COUNTED_AT_ONCE = 64_000
_MOST_COUNTS = 50_000
_MOST_COUNTED_CHARS = 1000
_MOST_ANCHORS = 64
_UNNAMED = "untitled"


class ContextGatherer:
    """Remembers token counts by line and window edges by document; one per model."""

    def __init__(self, count_tokens: CountTokens) -> None:
        self._count_tokens = count_tokens
        self._counts: dict[str, int] = {}
        self._anchors: OrderedDict[str, Anchor] = OrderedDict()

    async def gather(
        self, document: DocumentSnapshot, offset: int, root: Path | None, budget: WindowBudget
    ) -> CompletionContext:
        """Return the context of `document` at `offset` (code points) within `budget`."""
        text, path = document.text, shown_path(document, root)
        cursor_line = text.line_of(offset)
        previous = self._anchors.get(document.uri)
        await self._count([path, *_lines_around(text, cursor_line, budget)])
        anchor = plan_anchor(
            cursor_line,
            text.line_count,
            lambda line: self._cost(text, line, cursor_line),
            budget,
            previous,
        )
        self._remember(document.uri, anchor)
        start = text.line_start(anchor.first_line)
        end = text.line_end(text.line_count - 1 - anchor.lines_below)
        if _most_tokens(text.line(cursor_line)) > budget.suffix_tokens:
            # The edges lie at least this near when the cursor's own line is over the budget.
            start = max(
                start,
                offset - _n_chars_within(text.value[start:offset][::-1], budget.prefix_tokens),
            )
            end = min(end, offset + _n_chars_within(text.value[offset:end], budget.suffix_tokens))
        return CompletionContext(
            path=self._bounded_path(path),
            prefix=_plain(text.value[start:offset]),
            suffix=_plain(text.value[offset:end]),
            window=Span(start, end),
        )

    async def count_lines(self, lines: Sequence[str]) -> Mapping[str, int]:
        """Return the tokens of lines, ends included, of those that are not too long to count."""
        counted = [line for line in lines if len(line) <= _MOST_COUNTED_CHARS]
        await self._count(counted)
        return {line: self._counts[line] for line in counted}

    async def _count(self, lines: Sequence[str]) -> None:
        unknown = [line for line in dict.fromkeys(lines) if line not in self._counts]
        if not unknown:
            return
        if len(self._counts) > _MOST_COUNTS:
            self._counts.clear()
        counts = await self._count_tokens([_plain(line) + "\n" for line in unknown])
        self._counts.update(zip(unknown, counts, strict=True))

    def _bounded_path(self, path: str) -> str:
        if self._counts.get(path, _most_tokens(path)) <= MOST_PATH_TOKENS:
            return _plain(path)
        name = _plain(path.rpartition("/")[2])
        return name[-_n_chars_within(name[::-1], MOST_PATH_TOKENS) :]

    def _cost(self, text: Text, line: int, cursor_line: int) -> int:
        content = text.line(line)
        if line != cursor_line and content in self._counts:
            return self._counts[content]
        return _most_tokens(content)

    def _remember(self, uri: str, anchor: Anchor) -> None:
        self._anchors[uri] = anchor
        self._anchors.move_to_end(uri)
        if len(self._anchors) > _MOST_ANCHORS:
            self._anchors.popitem(last=False)


def shown_path(document: DocumentSnapshot, root: Path | None) -> str:
    """Return the path the model is told: relative to the root, with forward slashes."""
    if document.path is None:
        return _UNNAMED
    if root is not None and document.path.is_relative_to(root):
        return document.path.relative_to(root).as_posix()
    return document.path.name


def _lines_around(text: Text, cursor_line: int, budget: WindowBudget) -> Iterator[str]:
    """Yield the lines that may be in the window, nearest first, without the cursor's own."""
    room_chars = _MOST_CHARS_COUNTED_AT_ONCE
    above = range(cursor_line - 1, max(-1, cursor_line - budget.prefix_tokens), -1)
    below = range(cursor_line + 1, min(text.line_count, cursor_line + budget.suffix_tokens))
    for pair in zip_longest(above, below):
        for line in (line for line in pair if line is not None):
            content = text.line(line)
            # A minified line is over any budget whatever its exact count.
            if len(content) <= _MOST_COUNTED_CHARS:
                room_chars -= len(content) + 1
                yield content
        if room_chars < 0:
            return


def _n_chars_within(text: str, n_bytes: int) -> int:
    """Return how many of the first characters fit in so many bytes, and so in as many tokens."""
    encoded = text[:n_bytes].encode("utf-8", "replace")
    return len(encoded[:n_bytes].decode("utf-8", "ignore"))


def _most_tokens(line: str) -> int:
    return len(line.encode("utf-8", "replace")) + 1


def _plain(text: str) -> str:
    r"""Return the text as a model reads it: `\n` line ends, no lone surrogates."""
    return with_plain_newlines(text).encode("utf-8", "replace").decode("utf-8")
