"""A parsed text: the tree, and the way between its bytes and our code points.

Parsing stops when its time is over, and after a number of steps that sensible text does not need:
text that is wrong everywhere can take tree-sitter minutes and gigabytes in a last step, which
cannot be stopped. What is left then is an empty tree. A tree takes about ten times the memory of
its text: use it and let it go.
"""

import re
import time
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import index

from tree_sitter import Node, Parser, Point

from cloister.core.text import Span
from cloister.syntax.languages import Language, grammar

MOST_CHARS = 2_000_000
MOST_PARSE_MS = 2_000
MOST_FREE_STEPS = 1_000
MOST_TOKENS_IN_ERROR = 3_000
MOST_TEXT_CHARS = 20_000

_STEPS_PER_CALL = 100
_MOST_LOOKED_AT = 100_000
_WIDE = re.compile("[\x80-\u07ff]+|[\u0800-\ud7ff\ue000-\uffff]+|[\U00010000-\U0010ffff]+")
_LONE_CARRIAGE_RETURN = re.compile(r"\r(?!\n)")


@dataclass(frozen=True, slots=True, repr=False)
class ParsedSource:
    """A text and its tree; build it with `parse`.

    `root` is empty where parsing was given up. Nodes count bytes of `encoded`: `char` turns a byte
    into an offset in code points, `byte` turns it back.
    """

    source: str
    encoded: bytes
    language: Language
    root: Node
    is_complete: bool
    char: Callable[[int], int]
    byte: Callable[[int], int]

    def __repr__(self) -> str:
        # Tracebacks and logs may show this; the text itself stays private.
        return f"ParsedSource({self.language.name}, {len(self.source)} chars)"

    def span(self, node: Node) -> Span:
        """Return where the node is."""
        return Span(self.char(node.start_byte), self.char(node.end_byte))

    def text(self, node: Node, most_chars: int = MOST_TEXT_CHARS) -> str:
        """Return the beginning of the node's source text."""
        start, end = self.char(node.start_byte), self.char(node.end_byte)
        return self.source[start : min(end, start + most_chars)]


def parse(source: str, language: Language, most_ms: float = MOST_PARSE_MS) -> ParsedSource:
    """Parse `source`, for at most `most_ms` milliseconds of the processor's time."""
    # tree-sitter's grammars do not end lines at a lone \r; the replacement moves no offset.
    plain = _LONE_CARRIAGE_RETURN.sub("\n", source) if "\r" in source else source
    encoded = plain.encode("utf-8", "replace")
    root = _root(encoded, language, most_ms) if _may_be_parsed(plain, language) else None
    tree = root or Parser(grammar(language)).parse(b"").root_node
    char, byte = _offsets(source, encoded)
    return ParsedSource(source, encoded, language, tree, root is not None, char, byte)


def _may_be_parsed(source: str, language: Language) -> bool:
    if len(source) > MOST_CHARS:
        return False
    unsafe = language.never_parsed
    return not unsafe or re.search(unsafe, source, re.MULTILINE) is None


def _root(encoded: bytes, language: Language, most_ms: float) -> Node | None:
    views = [memoryview(encoded)]

    def read(byte: int, _: Point) -> memoryview:
        if byte:
            views.append(views[0][byte:])
        return views[-1]

    try:
        most_steps = MOST_FREE_STEPS + language.most_steps_per_byte * len(encoded)
        is_over = _is_over(most_steps, most_ms)
        root = Parser(grammar(language)).parse(read, progress_callback=is_over).root_node
        return None if _is_rubble(root) else root
    except ValueError:
        return None
    finally:
        # py-tree-sitter 0.26 never lets go of what `read` returns; a released view holds no text.
        for view in reversed(views):
            view.release()


def _is_over(most_steps: int, most_ms: float) -> Callable[[int, bool], bool]:
    """Return what tree-sitter asks every `_STEPS_PER_CALL` steps."""
    deadline = time.thread_time() + most_ms / 1000
    calls = iter(range(most_steps // _STEPS_PER_CALL))

    def is_over(_byte: int, _has_error: bool) -> bool:  # noqa: FBT001  # tree-sitter calls it
        return next(calls, None) is None or time.thread_time() > deadline

    return is_over


def _is_rubble(root: Node) -> bool:
    """Return whether an error holds so many tokens that queries would take quadratic time."""
    damaged = [root] if root.has_error else []
    n_looked_at = 0
    while damaged and n_looked_at < _MOST_LOOKED_AT:
        node = damaged.pop()
        n_looked_at += node.child_count
        if node.is_error and node.child_count - node.named_child_count > MOST_TOKENS_IN_ERROR:
            return True
        damaged += [child for child in node.children if child.has_error]
    return False


def _offsets(source: str, encoded: bytes) -> tuple[Callable[[int], int], Callable[[int], int]]:
    if len(encoded) == len(source):
        return index, index  # every character is one byte: an offset is itself
    runs = _wide_runs(source)
    return runs.char, runs.byte


@dataclass(frozen=True, slots=True)
class _WideRuns:
    """Runs of characters that take equally many bytes.

    Run i starts at byte `bytes[i]` and character `chars[i]`, with `widths[i]` bytes per character.
    """

    bytes: Sequence[int]
    chars: Sequence[int]
    widths: Sequence[int]

    def char(self, byte: int) -> int:
        run = bisect_right(self.bytes, byte) - 1
        return self.chars[run] + (byte - self.bytes[run]) // self.widths[run]

    def byte(self, char: int) -> int:
        run = bisect_right(self.chars, char) - 1
        return self.bytes[run] + (char - self.chars[run]) * self.widths[run]


def _wide_runs(source: str) -> _WideRuns:
    chars, widths = [0], [1]
    for match in _WIDE.finditer(source):
        chars += match.span()
        widths += (len(match[0][0].encode()), 1)
    lengths = (
        (end - start) * width for (start, end), width in zip(pairwise(chars), widths, strict=False)
    )
    return _WideRuns(list(accumulate(lengths, initial=0)), chars, widths)
