"""Our queries on trees: compiled once, with predicates of our own, and bounded.

Parsing under a time limit reads the text through a callback, and tree-sitter's own predicates would
read every word through it again, which is slow; predicates as callbacks leak memory in py-tree-
sitter 0.26. So `#eq?`, `#match?`, `#any-of?` and their opposites are read and evaluated here. The
time of a query is bounded by the size of the tree and by the depth and number of matches in
progress; its progress callback crashes in py-tree-sitter 0.26.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tree_sitter import Node, Query, QueryCursor

from cloister.core.text import Span
from cloister.syntax.languages import Language, grammar, language_named
from cloister.syntax.predicates import Predicate, predicates_in, without_predicates
from cloister.syntax.tree import ParsedSource

MOST_NODES = 2_000_000
MOST_UNFINISHED_MATCHES = 256
MOST_DEPTH = 400

Captures = dict[str, list[Node]]

_OUTLINE = ("definitions", "imports", "comments")
_OF_OUTLINE = re.compile(rb"@(?:name|import|listed|documentation)\b")


@dataclass(frozen=True, slots=True)
class CompiledQuery:
    """A query, and for every pattern what its captures have to fulfil."""

    query: Query
    predicates: tuple[tuple[Predicate, ...], ...]


@cache
def query(language: Language, name: str) -> CompiledQuery | None:
    """Return the query `name` (such as `blocks`); None when the language has none."""
    source = query_source(language, name)
    return compiled_query(language, source) if source.strip() else None


@cache
def outline_query(language: Language) -> CompiledQuery | None:
    """Return definitions, imports and documentation as one query, so that one walk finds them."""
    source = "\n".join(query_source(language, name) for name in _OUTLINE)
    if not source.strip():
        return None
    compiled, encoded = compiled_query(language, source), source.encode()
    for pattern in range(compiled.query.pattern_count):
        if not _OF_OUTLINE.search(encoded, *_extent(compiled.query, pattern)):
            compiled.query.disable_pattern(pattern)
    return compiled


def compiled_query(language: Language, source: str) -> CompiledQuery:
    """Compile a query; raises tree_sitter's QueryError where it is wrong."""
    compiled, encoded = Query(grammar(language), without_predicates(source)), source.encode()
    extents = (_extent(compiled, pattern) for pattern in range(compiled.pattern_count))
    predicates = (predicates_in(encoded[start:end].decode()) for start, end in extents)
    return CompiledQuery(compiled, tuple(predicates))


def query_source(language: Language, name: str) -> str:
    """Return the text of a query, after that of the folder it inherits from."""
    return "\n".join(_sources(language.folder, language.inherits, name))


def matches(
    parsed: ParsedSource, wanted: CompiledQuery | None, span: Span | None = None
) -> list[tuple[int, Captures]]:
    """Return the matches that touch `span` (default: anywhere), each with its pattern's number.

    Nothing is found in a tree of more than `MOST_NODES` nodes.
    """
    if wanted is None or parsed.root.descendant_count > MOST_NODES:
        return []
    cursor = QueryCursor(wanted.query, match_limit=MOST_UNFINISHED_MATCHES)
    cursor.set_max_start_depth(MOST_DEPTH)
    if span is not None:
        cursor.set_byte_range(parsed.byte(span.start), parsed.byte(span.end))
    predicates = wanted.predicates
    return [
        (pattern, captures)
        for pattern, captures in cursor.matches(parsed.root)
        if not predicates[pattern]
        or all(_holds(parsed, each, captures) for each in predicates[pattern])
    ]


def _sources(folder: Path, inherits: str, name: str) -> Iterator[str]:
    if inherits:
        # A folder that is no language inherits nothing.
        base = language_named(inherits)
        yield from _sources(folder.parent / inherits, base.inherits if base else "", name)
    path = folder / f"{name}.scm"
    if path.is_file():
        yield path.read_text(encoding="utf-8")


def _holds(parsed: ParsedSource, predicate: Predicate, captures: Captures) -> bool:
    expected = predicate.expected
    if predicate.other:
        expected = frozenset(parsed.text(node) for node in captures.get(predicate.other, ()))
    return all(
        predicate.holds(parsed.text(node), expected) for node in captures.get(predicate.capture, ())
    )


def _extent(compiled: Query, pattern: int) -> tuple[int, int]:
    return compiled.start_byte_for_pattern(pattern), compiled.end_byte_for_pattern(pattern)
