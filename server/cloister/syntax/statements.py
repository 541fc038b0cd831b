"""Where statements and blocks end: the question the completion's stop rule asks.

The source ends in the middle of things: classes, blocks and calls around its end are still open. A
parser makes little of that in languages with braces, so what is open is closed first, behind the
source. A statement counts as ended only when something visible follows it in the source itself.
Offsets are code points; None means that tree-sitter cannot tell, and the caller uses indentation.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tree_sitter import Node

from cloister.core.text import Span
from cloister.syntax.languages import Language, grammar
from cloister.syntax.queries import CompiledQuery, compiled_query, matches, query
from cloister.syntax.tree import ParsedSource, parse

_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_BRACKET = r"[()\[\]{}]"
_CLOSING = r"^(?:[)\]}]+|end|fi|done|esac)$"
_MOST_OPEN = 500


@dataclass(frozen=True, slots=True)
class UnfinishedSource:
    """A source that ends in the middle, parsed with what is open closed behind its `n_chars`."""

    parsed: ParsedSource
    n_chars: int


def parse_unfinished(source: str, language: Language) -> UnfinishedSource:
    """Parse a source that ends anywhere."""
    parsed = parse(source, language)
    if parsed.root.has_error and (closers := _missing_closers(parsed)):
        parsed = parse(f"{source}\n{closers}", language)
    return UnfinishedSource(parsed, len(source))


def statement_end(source: UnfinishedSource, position: int) -> int | None:
    """Return where the innermost statement that contains `position` ends."""
    return _ended(source, _statement_at(source.parsed, position))


def block_end(source: UnfinishedSource, position: int) -> int | None:
    """Return where the block that begins with the statement at `position` ends.

    What closes the block belongs to it. Where the statement at `position` is not the first of its
    block, its own end counts.
    """
    statement = _statement_at(source.parsed, position)
    block = _block_around(source.parsed, statement)
    if block is None or not _begins(source.parsed, block, position):
        return _ended(source, statement)
    return _ended(source, _closer_after(block) or block)


def end_before_closer(source: UnfinishedSource, cursor: int, indentation: int) -> int | None:
    """Return where the text ends that stands before the closer of what is open at `cursor`.

    Only what was opened on a line indented by `indentation` columns counts.
    """
    parsed = source.parsed
    found = matches(parsed, _tokens(parsed.language, _CLOSING), Span(cursor, source.n_chars))
    nodes = {node for _, captures in found for node in captures["token"]}
    for node in sorted(nodes, key=lambda node: node.start_byte):
        start = parsed.char(node.start_byte)
        opened = parsed.char(node.parent.start_byte) if node.parent else start
        is_open = opened < cursor <= start < source.n_chars
        if is_open and _indentation(parsed.source, opened) == indentation:
            return len(parsed.source[:start].rstrip())
    return None


def statements_in(parsed: ParsedSource, span: Span | None = None) -> list[Span]:
    """Return the statements that touch `span` (default: the whole text), outer ones first."""
    return [parsed.span(node) for node in _nodes(parsed, "statement", span)]


def blocks_in(parsed: ParsedSource, span: Span | None = None) -> list[Span]:
    """Return the blocks that touch `span` (default: the whole text), outer ones first."""
    return [parsed.span(node) for node in _nodes(parsed, "block", span)]


def _statement_at(parsed: ParsedSource, position: int) -> Node | None:
    found = _nodes(parsed, "statement", Span(position, position + 1))
    byte = parsed.byte(position)
    return _smallest(node for node in found if node.start_byte <= byte < node.end_byte)


def _block_around(parsed: ParsedSource, statement: Node | None) -> Node | None:
    if statement is None:
        return None
    found = _nodes(parsed, "block", parsed.span(statement))
    return _smallest(node for node in found if node != statement and _contains(node, statement))


def _begins(parsed: ParsedSource, block: Node, position: int) -> bool:
    content = _content(parsed, block)
    return bool(content) and content[0].start_byte == parsed.byte(position)


def _content(parsed: ParsedSource, block: Node) -> list[Node]:
    found = _nodes(parsed, "statement", parsed.span(block))
    return [node for node in found if node != block and _contains(block, node)]


def _closer_after(block: Node) -> Node | None:
    """Return what closes a block that does not hold its closer itself, such as `end`."""
    closer = block.next_sibling
    is_last = closer is not None and not closer.is_named and closer.next_sibling is None
    return closer if is_last else None


def _ended(source: UnfinishedSource, node: Node | None) -> int | None:
    if node is None or node.is_error:
        return None
    parsed = source.parsed
    start = parsed.char(node.start_byte)
    end = start + len(parsed.source[start : parsed.char(node.end_byte)].rstrip())
    return end if parsed.source[end : source.n_chars].strip() else None


def _nodes(parsed: ParsedSource, capture: str, span: Span | None) -> list[Node]:
    found = matches(parsed, query(parsed.language, "blocks"), span)
    nodes = {node for _, captures in found for node in captures.get(capture, ())}
    return sorted(nodes, key=lambda node: (node.start_byte, -node.end_byte))


def _smallest(nodes: Iterable[Node]) -> Node | None:
    return min(nodes, key=lambda node: node.end_byte - node.start_byte, default=None)


def _contains(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def _missing_closers(parsed: ParsedSource) -> str:
    """Return what closes the brackets that are open at the end of the text, innermost first."""
    found = matches(parsed, _tokens(parsed.language, _BRACKET))
    nodes = {node for _, captures in found for node in captures["token"]}
    missing: list[str] = []
    for node in sorted(nodes, key=lambda node: node.start_byte):
        for char in parsed.text(node):
            if char in _CLOSERS:
                missing.append(_CLOSERS[char])
            elif char in missing[-1:]:
                missing.pop()
    return "".join(reversed(missing)) if len(missing) <= _MOST_OPEN else ""


def _indentation(source: str, offset: int) -> int:
    line = source[source.rfind("\n", 0, offset) + 1 : offset + 1].expandtabs(8)
    return len(line) - len(line.lstrip())


@cache
def _tokens(language: Language, pattern: str) -> CompiledQuery:
    """Return the query for all tokens of the grammar with a text that `pattern` finds."""
    known = grammar(language)
    kinds = (
        known.node_kind_for_id(i)
        for i in range(known.node_kind_count)
        if known.node_kind_is_visible(i) and not known.node_kind_is_named(i)
    )
    tokens = sorted({kind for kind in kinds if kind and re.search(pattern, kind)})
    return compiled_query(language, "\n".join(f'"{token}" @token' for token in tokens))
