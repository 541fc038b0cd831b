"""Where the comments of a text are."""

from cloister.core.text import Span
from cloister.syntax.queries import matches, query
from cloister.syntax.tree import ParsedSource


def comments_in(parsed: ParsedSource, span: Span | None = None) -> list[Span]:
    """Return the comments that touch `span` (default: the whole text), in order."""
    found = matches(parsed, query(parsed.language, "comments"), span)
    nodes = {node for _, captures in found for node in captures.get("comment", ())}
    ordered = sorted(nodes, key=lambda node: node.start_byte)
    return [_without_line_end(parsed, parsed.span(node)) for node in ordered]


def _without_line_end(parsed: ParsedSource, span: Span) -> Span:
    # Some grammars end a comment behind its line, or before the second half of a line end.
    return Span(span.start, span.start + len(parsed.source[span.start : span.end].rstrip()))
