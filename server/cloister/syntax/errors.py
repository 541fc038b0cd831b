"""Where a text is not what its grammar allows."""

from collections.abc import Iterator
from itertools import pairwise

from tree_sitter import Node

from cloister.core.text import Span
from cloister.syntax.queries import matches, query
from cloister.syntax.statements import blocks_in
from cloister.syntax.tree import ParsedSource

MOST_ERRORS = 1_000


def syntax_errors(parsed: ParsedSource) -> list[Span]:
    """Return what the parser could not read or missed, in order; at most `MOST_ERRORS`.

    An error within an error is not told apart. A text that was given up has none. What Python's
    grammar lets pass counts: a block without anything in it, a statement that is indented
    otherwise than those before it in its block, and an import from `__future__` in a block.
    """
    errors = [span for span in blocks_in(parsed) if span.start == span.end]
    if parsed.language.name == "python":
        errors += (parsed.span(node) for node in _misplaced(parsed))
    waiting = [parsed.root]
    while waiting and len(errors) < MOST_ERRORS:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            errors.append(parsed.span(node))
        elif node.has_error:
            waiting.extend(_wrong_children(node))
    return sorted(errors, key=lambda span: span.start)


def _misplaced(parsed: ParsedSource) -> Iterator[Node]:
    found = matches(parsed, query(parsed.language, "blocks"))
    blocks = {node for _, captures in found for node in captures.get("block", ())}
    for block in blocks:
        yield from (it for it in block.named_children if it.type == "future_import_statement")
    for block in (parsed.root, *blocks):
        statements = [it for it in block.named_children if it.type != "comment"]
        for before, each in pairwise(statements):
            begins_line = before.end_point.row < each.start_point.row
            if begins_line and each.start_point.column != statements[0].start_point.column:
                yield each


def _wrong_children(node: Node) -> list[Node]:
    wrong = (child for child in node.children if child.has_error or child.is_missing)
    return sorted(wrong, key=lambda child: child.start_byte, reverse=True)
