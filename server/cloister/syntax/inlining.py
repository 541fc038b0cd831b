"""Puts the value of a local variable in its place, where that provably changes nothing.

The variable is bound once, by a statement of its own, and all its uses follow in the same block.
Everything else is left to somebody who understands the code.
"""

from tree_sitter import Node

from cloister.core.edit import TextEdit
from cloister.core.text import Span, Text
from cloister.syntax.local_names import LocalName, name_at
from cloister.syntax.moving import is_written, may_move
from cloister.syntax.parentheses import placed_value
from cloister.syntax.tree import ParsedSource

# What a value converts to where it is declared is not written in the other languages.
_LANGUAGES = frozenset({"go", "java", "javascript", "lua", "python", "rust", "tsx", "typescript"})
_STATEMENTS = frozenset(
    {
        "declaration",
        "expression_statement",
        "let_declaration",
        "lexical_declaration",
        "local_variable_declaration",
        "short_var_declaration",
        "variable_declaration",
    }
)
_WITHIN = _STATEMENTS | {
    "assignment",
    "assignment_statement",
    "expression_list",
    "init_declarator",
    "variable_declarator",
    "variable_list",
}
_BLOCKS = frozenset(
    {"block", "compound_statement", "constructor_body", "statement_block", "statement_list"}
)
_MOST_VALUE_CHARS = 300


def has_value(parsed: ParsedSource, local: LocalName) -> bool:
    """Return whether a name is a variable that a statement of its own gives its only value."""
    return bool(_declared(parsed, local))


def inlined(parsed: ParsedSource, local: LocalName) -> tuple[TextEdit, ...] | None:
    """Return the edits that inline a variable and remove it; None where that is not safe."""
    found = _declared(parsed, local)
    if found is None or parsed.language.name not in _LANGUAGES:
        return None
    statement, value = found
    uses = [it for it in local.uses if not it.is_binding]
    nodes = [node for it in uses if (node := name_at(parsed, it.span.start))]
    removed = _lines(parsed, statement)
    is_plain = _is_plain(parsed, statement, value) and removed is not None
    if not (is_plain and all(_is_read_after(it, statement) for it in nodes)):
        return None
    texts = [placed_value(parsed, value, node) for node in nodes]
    if removed is None or None in texts or not may_move(parsed, statement, value, nodes):
        return None
    return (
        TextEdit(removed, ""),
        *(TextEdit(it.span, text) for it, text in zip(uses, texts, strict=True) if text),
    )


def _declared(parsed: ParsedSource, local: LocalName) -> tuple[Node, Node] | None:
    """Return the statement that binds a name and nothing else, and the name's value."""
    bindings = [it for it in local.uses if it.is_binding]
    if local.doubt or len(bindings) != 1 or len(local.uses) == 1:
        return None
    statement, value, n_parts = name_at(parsed, bindings[0].span.start), None, 0
    while statement is not None and statement.parent and statement.parent.type in _WITHIN:
        statement = statement.parent
        value = value or _value(statement)
        n_parts = max(n_parts, _n_parts(statement))
    if statement is None or value is None or n_parts > 1 or statement.type not in _STATEMENTS:
        return None
    block = statement.parent
    return (statement, value) if block is not None and block.type in _BLOCKS else None


def _is_plain(parsed: ParsedSource, statement: Node, value: Node) -> bool:
    """Return whether a value may be looked at: short, in one line, and of no declared type."""
    text = parsed.text(value)
    is_changed = any(it.type == "mutable_specifier" for it in statement.children)
    is_short = "\n" not in text and len(text) <= _MOST_VALUE_CHARS
    return is_short and not is_changed and not _has_type(parsed, statement)


def _value(node: Node) -> Node | None:
    value = node.child_by_field_name("value") or node.child_by_field_name("right")
    if node.type == "assignment_statement":
        value = node.named_children[-1]
    if value is None or value.type in {"assignment", "yield", "lambda", "arrow_function"}:
        return None
    if value.type == "expression_list":
        # A comma alone makes a tuple.
        return value.named_children[0] if value.child_count == 1 else None
    return value


def _n_parts(node: Node) -> int:
    """Return how many names a part of a statement binds, at least."""
    if node.type == "assignment" and node.parent is not None and node.parent.type == "assignment":
        return 2
    if node.type in {"expression_list", "variable_list"}:
        return node.named_child_count
    return sum(1 for it in node.named_children if it.type.endswith("_declarator"))


def _has_type(parsed: ParsedSource, statement: Node) -> bool:
    """Return whether a declaration names a type, to which it may convert the value."""
    if parsed.language.name == "python":
        return False
    for node in (statement, *statement.named_children):
        kind = node.child_by_field_name("type")
        if kind is not None and parsed.text(kind) != "var":
            return True
    return False


def _lines(parsed: ParsedSource, statement: Node) -> Span | None:
    """Return the whole lines of a statement; None where something else stands in them."""
    text, span = Text(parsed.source), parsed.span(statement)
    first, last = text.line_of(span.start), text.line_of(span.end)
    before = parsed.source[text.line_start(first) : span.start]
    after = parsed.source[span.end : text.line_end(last)]
    if before.strip() or after.strip(" \t;") or last + 1 == text.line_count:
        return None
    is_apart = statement.prev_named_sibling is None or not text.line(first - 1).strip()
    if is_apart and not text.line(last + 1).strip():
        # A block does not begin with an empty line, and two are too many.
        last = min(last + 1, text.line_count - 2)
    return Span(text.line_start(first), text.line_start(last + 1))


def _is_read_after(node: Node, statement: Node) -> bool:
    """Return whether a use reads the name, behind the declaration and in its block."""
    block = statement.parent
    is_behind = block is not None and statement.end_byte <= node.start_byte < block.end_byte
    return is_behind and not is_written(node)
