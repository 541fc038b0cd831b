"""Where a text is not what its grammar allows."""

from tree_sitter import Node

from cloister.core.text import Span
from cloister.syntax.statements import blocks_in
from cloister.syntax.tree import ParsedSource

MOST_ERRORS = 1_000


def syntax_errors(parsed: ParsedSource) -> list[Span]:
    """Return what the parser could not read or missed, in order; at most `MOST_ERRORS`.

    An error within an error is not told apart. A text that was given up has none. A block without
    anything in it, which Python's grammar lets pass, counts.
    """
    errors = [span for span in blocks_in(parsed) if span.start == span.end]
    waiting = [parsed.root]
    while waiting and len(errors) < MOST_ERRORS:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            errors.append(parsed.span(node))
        elif node.has_error:
            waiting.extend(_wrong_children(node))
    return sorted(errors, key=lambda span: span.start)


def _wrong_children(node: Node) -> list[Node]:
    wrong = (child for child in node.children if child.has_error or child.is_missing)
    return sorted(wrong, key=lambda child: child.start_byte, reverse=True)
