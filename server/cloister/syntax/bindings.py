"""Parameters and local variables, and where each is known."""

from collections.abc import Iterable, Iterator

from tree_sitter import Node

from cloister.core.outline import Binding
from cloister.core.text import Span
from cloister.syntax.queries import Captures, matches, query
from cloister.syntax.tree import ParsedSource

MOST_TYPE_CHARS = 200
MOST_VALUE_CHARS = 80

Extent = tuple[int, int]


def bindings_at(parsed: ParsedSource, offset: int) -> list[Binding]:
    """Return the bindings that are known at `offset`, those of the innermost scope last.

    Within a scope they come in the order of the text; those after `offset` are among them. On a
    blank line after a scope the indentation says whether the scope goes on.
    """
    visible = len(parsed.source[:offset].rstrip())
    found = _matches(parsed, Span(max(0, visible - 1), offset + 1))
    scopes = [_span(parsed, scope) for scope in _scopes(found)]
    around = [scope for scope in scopes if _holds(parsed, scope, offset)]
    outermost = max(around, key=_size, default=None)
    if outermost is None:
        return []
    known = [each for each in bindings_in(parsed, outermost) if each.scope in around]
    return sorted(known, key=lambda each: -_size(each.scope))


def bindings_in(parsed: ParsedSource, span: Span | None = None) -> list[Binding]:
    """Return the bindings that touch `span` (default: the whole text), in order."""
    found = _matches(parsed, span)
    merged: dict[int, tuple[Node, Captures]] = {}
    for captures in found:
        for node in captures.get("binding", ()):
            _, known = merged.setdefault(node.start_byte, (node, {}))
            for capture, nodes in captures.items():
                known.setdefault(capture, nodes)
    return list(_in_scopes(parsed, [merged[start] for start in sorted(merged)], _scopes(found)))


def _in_scopes(
    parsed: ParsedSource, ordered: Iterable[tuple[Node, Captures]], scopes: list[Extent]
) -> Iterator[Binding]:
    around: list[Extent] = []
    following = 0
    for node, captures in ordered:
        while following < len(scopes) and scopes[following][0] <= node.start_byte:
            around.append(scopes[following])
            following += 1
        while around and around[-1][1] <= node.start_byte:
            around.pop()
        if around:
            yield _binding(parsed, node, captures, around[-1])


def _binding(parsed: ParsedSource, node: Node, captures: Captures, scope: Extent) -> Binding:
    return Binding(
        name=parsed.text(node),
        span=parsed.span(node),
        scope=_span(parsed, scope),
        type=" ".join(_text(parsed, captures, "type", MOST_TYPE_CHARS).split()),
        value=_text(parsed, captures, "value", MOST_VALUE_CHARS),
    )


def _matches(parsed: ParsedSource, span: Span | None) -> list[Captures]:
    return [each for _, each in matches(parsed, query(parsed.language, "scopes"), span)]


def _scopes(found: list[Captures]) -> list[Extent]:
    nodes = (node for captures in found for node in captures.get("scope", ()))
    extents = {(node.start_byte, node.end_byte) for node in nodes}
    return sorted(extents, key=lambda extent: (extent[0], -extent[1]))


def _holds(parsed: ParsedSource, scope: Span, offset: int) -> bool:
    if scope.start <= offset <= scope.end:
        return True
    gap = parsed.source[scope.end : offset]
    return (
        scope.start < offset
        and not gap.strip()
        and "\n" in gap
        and _column(parsed.source, offset) > _indentation(parsed.source, scope.start)
    )


def _column(source: str, offset: int) -> int:
    return offset - source.rfind("\n", 0, offset) - 1


def _indentation(source: str, offset: int) -> int:
    start = source.rfind("\n", 0, offset) + 1
    line = source[start : offset + 1]
    return len(line) - len(line.lstrip())


def _text(parsed: ParsedSource, captures: Captures, capture: str, most_chars: int) -> str:
    return parsed.text(captures[capture][0], most_chars) if capture in captures else ""


def _span(parsed: ParsedSource, extent: Extent) -> Span:
    return Span(parsed.char(extent[0]), parsed.char(extent[1]))


def _size(scope: Span) -> int:
    return scope.end - scope.start
