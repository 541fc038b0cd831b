"""Puts the value of a local variable in its place, where that provably changes nothing.

The variable is bound once, by a statement of its own, and all its uses follow in the same block. A
value may move only as far as nothing can happen that it depends on, and what does anything itself
only into the very next thing that is evaluated. Everything else is left to somebody who understands
the code.
"""

import re

from tree_sitter import Node

from cloister.core.edit import TextEdit
from cloister.core.text import Span, Text
from cloister.syntax.evaluation import (
    Steadiness,
    descendants,
    has_effect_between,
    is_in_closure,
    outermost_loop,
    steadiness,
)
from cloister.syntax.local_names import LocalName, local_name_at, name_at
from cloister.syntax.local_scopes import Doubt, DoubtError, scopes_around
from cloister.syntax.next_evaluated import is_next_evaluated
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
_WRITES = re.compile(
    "assign|update|inc_|dec_|delete|reference_expression|token_tree|pattern|borrow|for_in_clause"
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
    if removed is None or None in texts or not _is_safe(parsed, found, nodes):
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
    if value is None and node.type == "assignment_statement":
        value = node.named_children[-1]
    if value is None or value.type in {"assignment", "yield", "lambda", "arrow_function"}:
        return None
    if value.type == "expression_list":
        return value.named_children[0] if value.named_child_count == 1 else None
    return value


def _n_parts(node: Node) -> int:
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
    if statement.prev_named_sibling is None and not text.line(last + 1).strip():
        # A block does not begin with an empty line.
        last = min(last + 1, text.line_count - 2)
    return Span(text.line_start(first), text.line_start(last + 1))


def _is_read_after(node: Node, statement: Node) -> bool:
    """Return whether a use reads the name, behind the declaration and in its block."""
    block = statement.parent
    is_behind = block is not None and statement.end_byte <= node.start_byte < block.end_byte
    return is_behind and not _is_written(node)


def _is_safe(parsed: ParsedSource, found: tuple[Node, Node], uses: list[Node]) -> bool:
    """Return whether the value is the same where it goes, and nothing else happens by it."""
    statement, value = found
    kind = steadiness(value)
    if not all(_means_the_same(parsed, value, use) for use in uses):
        return False
    if kind is Steadiness.CONSTANT:
        return True
    block = statement.parent
    if block is None or any(is_in_closure(use, block) for use in uses):
        return False
    return _is_moved_at_once(parsed, statement, uses) or _is_steady(parsed, found, uses)


def _is_moved_at_once(parsed: ParsedSource, statement: Node, uses: list[Node]) -> bool:
    """Return whether the only use is what is evaluated next."""
    is_single = len(uses) == 1 and _keeps_its_kind(parsed, uses[0])
    return is_single and is_next_evaluated(statement, uses[0])


def _is_steady(parsed: ParsedSource, found: tuple[Node, Node], uses: list[Node]) -> bool:
    """Return whether nothing happens up to the last use that the value depends on."""
    statement, value = found
    kind, block = steadiness(value), statement.parent
    if kind is Steadiness.NAME and _is_local(parsed, value):
        return True
    # A value of Rust may move only once.
    is_repeated = kind is Steadiness.READ and len(uses) > 1
    if (
        block is None
        or kind is Steadiness.ANYTHING
        or is_repeated
        or parsed.language.name == "rust"
    ):
        return False
    loops = (outermost_loop(use, block) for use in uses)
    ends = (
        loop.end_byte if loop else use.start_byte for loop, use in zip(loops, uses, strict=True)
    )
    return not has_effect_between(block, statement.end_byte, max(ends))


def _means_the_same(parsed: ParsedSource, value: Node, use: Node) -> bool:
    """Return whether all names in a value mean at its use what they mean at its place.

    A local one has to be bound once, so that nobody can have given it another value.
    """
    for node in descendants(value):
        if node.type != "identifier":
            continue
        try:
            scopes = scopes_around(parsed, node, parsed.text(node))
        except DoubtError:
            return False
        if scopes.owner(node) != scopes.owner(use):
            return False
        if scopes.owner(node) is not None and not _is_local(parsed, node):
            return False
    return True


def _is_local(parsed: ParsedSource, name: Node) -> bool:
    """Return whether a name is that of a local variable which is written only once."""
    local = local_name_at(parsed, parsed.char(name.start_byte))
    if local is None or local.doubt not in {None, Doubt.CALLERS}:
        return False
    nodes = [node for it in local.uses if (node := name_at(parsed, it.span.start))]
    bound = [it for it in local.uses if it.is_binding]
    return len(bound) == 1 and not any(
        _is_written(it) for it, use in zip(nodes, local.uses, strict=True) if not use.is_binding
    )


def _is_written(node: Node) -> bool:
    """Return whether something else than reading may be done with a name."""
    parent = node.parent
    if parent is not None and parent.type in {"expression_list", "parenthesized_expression"}:
        node, parent = parent, parent.parent
    if parent is None:
        return False
    if "unary" in parent.type:
        return any(it.type in {"&", "delete"} for it in parent.children)
    is_value = node in {parent.child_by_field_name("right"), parent.child_by_field_name("value")}
    return bool(_WRITES.search(parent.type)) and not (is_value and "reference" not in parent.type)


def _keeps_its_kind(parsed: ParsedSource, use: Node) -> bool:
    """Return whether a call or so may stand where the variable stood.

    Go cannot take the address of a result for a method, and Rust drops a value with its statement.
    """
    parent = use.parent
    kind = parent.type if parent else ""
    match parsed.language.name:
        case "go":
            return kind != "selector_expression"
        case "rust":
            return kind in {"return_expression", "arguments", "block"}
        case _:
            return True
