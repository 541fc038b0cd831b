"""Our queries on trees: compiled once, with predicates of our own, and bounded.

Parsing under a time limit reads the text through a callback, and tree-sitter's own predicates would
read every word through it again, which is slow. So `#eq?`, `#match?`, `#any-of?` and their
opposites are evaluated here. The time of a query is bounded by the size of the tree and by the
depth and number of matches in progress; its progress callback crashes in py-tree-sitter 0.26.
"""

import re
from functools import cache
from typing import Literal

from tree_sitter import Node, Query, QueryCursor

from cloister.core.text import Span
from cloister.syntax.languages import Language, grammar, language_named
from cloister.syntax.tree import ParsedSource

MOST_NODES = 2_000_000
MOST_UNFINISHED_MATCHES = 256
MOST_DEPTH = 400

Captures = dict[str, list[Node]]

_PREDICATE = re.compile(r"\(#((?:not-)?(?:eq|match|any-of)\?)")
_OURS = "cloister-"
_OUTLINE = ("definitions", "imports", "comments")
_OF_OUTLINE = re.compile(rb"@(?:name|import|documentation)\b")


@cache
def query(language: Language, name: str) -> Query | None:
    """Return the query `name` (such as `blocks`); None when the language has none."""
    source = query_source(language, name)
    return Query(grammar(language), _with_our_predicates(source)) if source.strip() else None


@cache
def outline_query(language: Language) -> Query | None:
    """Return definitions, imports and documentation as one query, so that one walk finds them."""
    source = "\n".join(query_source(language, name) for name in _OUTLINE)
    if not source.strip():
        return None
    encoded = _with_our_predicates(source).encode()
    compiled = Query(grammar(language), encoded.decode())
    for pattern in range(compiled.pattern_count):
        start = compiled.start_byte_for_pattern(pattern)
        end = compiled.end_byte_for_pattern(pattern)
        if not _OF_OUTLINE.search(encoded, start, end):
            compiled.disable_pattern(pattern)
    return compiled


def query_source(language: Language, name: str) -> str:
    """Return the text of a query, after that of the language it inherits from."""
    inherited = language_named(language.inherits)
    before = query_source(inherited, name) if inherited else ""
    path = language.folder / f"{name}.scm"
    own = path.read_text(encoding="utf-8") if path.is_file() else ""
    return f"{before}\n{own}"


def matches(
    parsed: ParsedSource, wanted: Query | None, span: Span | None = None
) -> list[tuple[int, Captures]]:
    """Return the matches that touch `span` (default: anywhere), each with its pattern's number.

    Nothing is found in a tree of more than `MOST_NODES` nodes.
    """
    if wanted is None or parsed.root.descendant_count > MOST_NODES:
        return []
    cursor = QueryCursor(wanted, match_limit=MOST_UNFINISHED_MATCHES)
    cursor.set_max_start_depth(MOST_DEPTH)
    if span is not None:
        cursor.set_byte_range(parsed.byte(span.start), parsed.byte(span.end))
    return cursor.matches(parsed.root, _Predicates(parsed))


class _Predicates:
    """Decides whether a match holds, as tree-sitter asks for it."""

    __slots__ = ("_parsed",)

    def __init__(self, parsed: ParsedSource) -> None:
        self._parsed = parsed

    def __call__(
        self,
        predicate: str,
        args: list[tuple[str, Literal["capture", "string"]]],
        pattern_index: int,  # noqa: ARG002  # tree-sitter passes it
        captures: Captures,
    ) -> bool:
        name = predicate.removeprefix(_OURS)
        texts = [self._parsed.text(node) for node in captures.get(args[0][0], ())]
        others = self._others(args[1:], captures)
        # py-tree-sitter 0.26 never lets go of these lists, and a node keeps the whole tree.
        for nodes in captures.values():
            nodes.clear()
        return _holds(name.removeprefix("not-"), texts, others) != name.startswith("not-")

    def _others(
        self, args: list[tuple[str, Literal["capture", "string"]]], captures: Captures
    ) -> list[str]:
        return [
            text
            for value, kind in args
            for text in (
                [value]
                if kind == "string"
                else [self._parsed.text(node) for node in captures.get(value, ())]
            )
        ]


def _holds(name: str, texts: list[str], others: list[str]) -> bool:
    if name == "match?":
        return all(re.search(others[0], text) for text in texts)
    return all(text in others for text in texts)


def _with_our_predicates(source: str) -> str:
    return _PREDICATE.sub(rf"(#{_OURS}\1", source)
