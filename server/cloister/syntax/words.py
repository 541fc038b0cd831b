"""The nodes in which a word stands, as a name or hidden in a text that is read as code."""

import re
from collections.abc import Iterator

from tree_sitter import Node

from cloister.syntax.local_scopes import DoubtError
from cloister.syntax.tree import ParsedSource

MOST_WORDS = 500

_SHORTHANDS = frozenset(
    {
        "shorthand_field_identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
    }
)
_WITH_MACROS = frozenset({"c", "cpp"})
_MACRO = re.compile(r"^[ \t]*#[ \t]*define\b(?:[^\\\n]|\\[\s\S])*", re.MULTILINE)
_FORMATTED = re.compile(r"\{[^{}]*\Z")


def words(parsed: ParsedSource, around: Node, name: str) -> Iterator[Node]:
    """Yield the names below a node that are written like `name`, in order.

    Raises DoubtError where one stands in a macro's text, and when there are too many.
    """
    if parsed.language.name in _WITH_MACROS and _is_in_macro(parsed.source, name):
        raise DoubtError
    start, end = parsed.char(around.start_byte), parsed.char(around.end_byte)
    # In a text of Rust a width is written `{:width$}`.
    end_of_word = r"(?!\w)" if parsed.language.name == "rust" else r"(?![\w$])"
    pattern = re.compile(rf"(?<![\w$]){re.escape(name)}{end_of_word}")
    for number, match in enumerate(pattern.finditer(parsed.source, start, end)):
        first, last = parsed.byte(match.start()), parsed.byte(match.end())
        node = parsed.root.descendant_for_byte_range(first, last)
        if node is None or number >= MOST_WORDS:
            raise DoubtError
        if (node.start_byte, node.end_byte) == (first, last) and is_name(node):
            if node.parent is not None and _has_prefix(node.parent, node):
                raise DoubtError
            yield node
        elif _is_read_as_code(parsed, node, match.start()):
            raise DoubtError


def is_name(node: Node) -> bool:
    """Return whether a node is an identifier of any kind."""
    return node.is_named and not node.child_count and "identifier" in node.type


def is_shorthand(node: Node) -> bool:
    """Return whether a name stands for a member and a variable at once."""
    parent = node.parent
    is_initializer = parent is not None and parent.type == "shorthand_field_initializer"
    return is_initializer or node.type in _SHORTHANDS


def _is_in_macro(source: str, name: str) -> bool:
    """Return whether a macro of the file uses a name, which it finds wherever it is expanded."""
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(word.search(macro[0]) for macro in _MACRO.finditer(source))


def _has_prefix(parent: Node, node: Node) -> bool:
    """Return whether more than a name is bound by its shorthand: `Point { ref x }`."""
    return parent.type == "field_pattern" and is_shorthand(node) and parent.child_count > 1


def _is_read_as_code(parsed: ParsedSource, node: Node, start: int) -> bool:
    """Return whether a text in a macro names the variable: `println!("{x}")`."""
    around: Node | None = node
    is_text = "string" in node.type
    while is_text and around is not None:
        if around.type == "token_tree":
            return bool(_FORMATTED.search(parsed.source, max(0, start - 20), start))
        around = around.parent
    return False
