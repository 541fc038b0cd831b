"""The names that a text uses."""

from collections.abc import Iterable, Iterator
from operator import itemgetter

from tree_sitter import Node

from cloister.core.outline import Reference, ReferenceKind
from cloister.core.text import Span
from cloister.syntax.queries import Captures, matches, outline_query, query
from cloister.syntax.tree import ParsedSource

MOST_RECEIVER_CHARS = 200

_KINDS = {f"reference.{kind}": kind for kind in ReferenceKind}


def references_in(parsed: ParsedSource, span: Span | None = None) -> list[Reference]:
    """Return the uses of names that touch `span` (default: the whole text), in order.

    A name that is being defined, bound or imported is not used. Of several patterns for one name
    the earliest counts.
    """
    earliest = _earliest_patterns(parsed, span)
    outline = matches(parsed, outline_query(parsed.language), span)
    scopes = matches(parsed, query(parsed.language, "scopes"), span)
    bound = {node.start_byte for node in _captured("name", outline)}
    bound.update(node.start_byte for node in _captured("binding", scopes))
    imports = sorted((node.start_byte, node.end_byte) for node in _captured("import", outline))
    used = _outside(imports, (start for start in sorted(earliest) if start not in bound))
    references = (_reference(parsed, *earliest[start]) for start in used)
    return [each for each in references if span is None or _touch(each.span, span)]


def _earliest_patterns(
    parsed: ParsedSource, span: Span | None
) -> dict[int, tuple[ReferenceKind, Node, Captures]]:
    found = matches(parsed, query(parsed.language, "references"), span)
    earliest: dict[int, tuple[ReferenceKind, Node, Captures]] = {}
    for _, captures in sorted(found, key=itemgetter(0)):
        for capture, nodes in captures.items():
            if capture in _KINDS:
                earliest.setdefault(nodes[0].start_byte, (_KINDS[capture], nodes[0], captures))
    return earliest


def _captured(capture: str, found: list[tuple[int, Captures]]) -> Iterator[Node]:
    return (node for _, captures in found for node in captures.get(capture, ()))


def _outside(extents: list[tuple[int, int]], starts: Iterable[int]) -> Iterator[int]:
    following, end = 0, 0
    for start in starts:
        while following < len(extents) and extents[following][0] <= start:
            end = max(end, extents[following][1])
            following += 1
        if start >= end:
            yield start


def _reference(
    parsed: ParsedSource, kind: ReferenceKind, node: Node, captures: Captures
) -> Reference:
    receivers = captures.get("receiver")
    return Reference(
        name=parsed.text(node),
        kind=kind,
        span=parsed.span(node),
        receiver=parsed.text(receivers[0], MOST_RECEIVER_CHARS) if receivers else "",
    )


def _touch(one: Span, other: Span) -> bool:
    return one.start < other.end and one.end > other.start
