"""A parsed text: the tree, and the way between its bytes and our code points.

Where `limits` say that parsing cannot be afforded, an empty tree takes the place. A tree takes
about thirty times the memory of its text: use it and let it go.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from operator import index

from tree_sitter import Node, Parser, Point

from cloister.core.text import Span
from cloister.syntax.languages import Language, grammar
from cloister.syntax.limits import MOST_PARSE_MS, is_rubble, may_be_parsed, out_of_time

MOST_TEXT_CHARS = 20_000

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
    root = _root(encoded, language, most_ms) if may_be_parsed(plain, language) else None
    tree = root or Parser(grammar(language)).parse(b"").root_node
    char, byte = _offsets(source, encoded)
    return ParsedSource(source, encoded, language, tree, root is not None, char, byte)


def _root(encoded: bytes, language: Language, most_ms: float) -> Node | None:
    views = [memoryview(encoded)]

    def read(byte: int, _: Point) -> memoryview | None:
        if byte >= len(encoded):
            return None
        if byte:
            views.append(views[0][byte:])
        return views[-1]

    try:
        is_over = out_of_time(encoded, most_ms)
        root = Parser(grammar(language)).parse(read, progress_callback=is_over).root_node
        return None if is_rubble(root) else root
    except ValueError:
        return None
    finally:
        # py-tree-sitter 0.26 never lets go of what `read` returns; a released view holds no text.
        for view in reversed(views):
            view.release()


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
