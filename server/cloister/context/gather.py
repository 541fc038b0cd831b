"""Builds the context of one request: the window around the cursor in real tokens of the model.

Counting costs a message to whoever owns the tokenizer, so counts are kept by line text; while the
user types, only the line under the cursor is new, and its bytes bound its tokens from above.
"""

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from cloister.context.window import Anchor, WindowBudget, plan_anchor
from cloister.core.context import CompletionContext
from cloister.core.document import DocumentSnapshot
from cloister.core.text import Span, Text

CountTokens = Callable[[Sequence[str]], Awaitable[list[int]]]

_LINES_COUNTED_AT_ONCE = 256
_MOST_COUNTS = 50_000
_MOST_COUNTED_CHARS = 4000
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
        text = document.text
        cursor_line = text.line_of(offset)
        previous = self._anchors.get(document.uri)
        await self._count_around(text, cursor_line, budget)
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
        return CompletionContext(
            path=shown_path(document, root),
            prefix=_plain(text.value[start:offset]),
            suffix=_plain(text.value[offset:end]),
            window=Span(start, end),
        )

    async def _count_around(self, text: Text, cursor_line: int, budget: WindowBudget) -> None:
        # No line has less than one token, so lines further away can never be in the window.
        first = max(0, cursor_line - min(budget.prefix_tokens, _LINES_COUNTED_AT_ONCE))
        last = min(text.line_count, cursor_line + min(budget.suffix_tokens, _LINES_COUNTED_AT_ONCE))
        lines = {text.line(line) for line in range(first, last) if line != cursor_line}
        unknown = [line for line in lines if line not in self._counts and _is_countable(line)]
        if not unknown:
            return
        if len(self._counts) > _MOST_COUNTS:
            self._counts.clear()
        counts = await self._count_tokens([_plain(line) + "\n" for line in unknown])
        self._counts.update(zip(unknown, counts, strict=True))

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


def _is_countable(line: str) -> bool:
    # A minified line is over any budget whatever its exact count, and is not worth a message.
    return len(line) <= _MOST_COUNTED_CHARS


def _most_tokens(line: str) -> int:
    return len(line.encode("utf-8", "replace")) + 1


def _plain(text: str) -> str:
    r"""Return the text as a model reads it: `\n` line ends, no lone surrogates."""
    return text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
