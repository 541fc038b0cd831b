"""Which identifiers a piece of code holds, without words of comments and texts and keywords.

Grammars name their identifiers in many ways, so a leaf counts by what it is not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from cloister.core.text import Span
from cloister.syntax.tree import ParsedSource

_NAME = re.compile(r"[^\W\d]\w*")
# Parts of the kinds of leaves that hold prose, or words that the language defines.
_OTHER_KINDS = re.compile(
    "comment|string|content|text|char|regex|escape|doc|literal|boolean|primitive|predefined|"
    "modifier|specifier|import_prefix|preproc|ERROR"
)
_MOST_NODES = 20_000


@dataclass(frozen=True, slots=True)
class Identifier:
    """A name and where it stands."""

    name: str
    span: Span


def identifiers_in(parsed: ParsedSource, span: Span) -> list[Identifier]:
    """Return the identifiers that lie within `span`, in order."""
    return [
        Identifier(name, parsed.span(leaf))
        for leaf in _leaves(parsed, span)
        if _NAME.fullmatch(name := parsed.text(leaf)) and name.lower() != leaf.type.lower()
    ]


def _leaves(parsed: ParsedSource, span: Span) -> Iterator[Node]:
    """Yield the named leaves within `span` that may be identifiers, in order."""
    start, end = parsed.byte(span.start), parsed.byte(span.end)
    waiting = [parsed.root]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if node.end_byte <= start or node.start_byte >= end:
            continue
        if node.child_count:
            waiting.extend(reversed(node.children))
        elif node.is_named and not _OTHER_KINDS.search(node.type):
            yield node
