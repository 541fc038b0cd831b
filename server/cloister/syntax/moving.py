"""Whether a value may be evaluated where its variable is read, instead of where it is declared.

A value may move only as far as nothing can happen that it depends on, and what does anything itself
only into the very next thing that is evaluated. What can fail has to be evaluated in any case, and
nobody else may catch its failure.
"""

import re
from functools import partial

from tree_sitter import Node

from cloister.syntax.evaluation import (
    Steadiness,
    can_fail,
    descendants,
    has_effect_between,
    is_guarded,
    is_in_closure,
    is_surely_evaluated,
    outermost_loop,
    steadiness,
)
from cloister.syntax.local_names import local_name_at, name_at
from cloister.syntax.local_scopes import Doubt, DoubtError, scopes_around
from cloister.syntax.next_evaluated import is_next_evaluated
from cloister.syntax.tree import ParsedSource

_WRITES = re.compile(
    "assign|update|inc_|dec_|delete|reference_expression|token_tree|pattern|borrow|for_in_clause"
)
# Others, such as `+=` of Python, may change a thing that has more names.
_ASSIGNMENTS = frozenset({"assignment", "assignment_expression"})
_KNOWN = frozenset({None, Doubt.CALLERS})
# Here a variable holds a whole thing, and another one a copy of it.
_WITH_COPIES = frozenset({"go", "rust"})
_PART = re.compile("(?:selector|field|index|slice|parenthesized)_expression")
_OPERATION = re.compile("(?:binary|unary|parenthesized)_expression")
# With these Go calculates otherwise for constants that have no type yet.
_OF_TYPED_NUMBERS = frozenset({"/", "%", "<<", ">>", "float_literal", "imaginary_literal"})
_MAKES_TEMPORARY = re.compile("call_expression|macro_invocation|struct_expression")
_MADE = re.compile("call|await|yield")
_HOLDS = frozenset({"assignment", "for_statement"})
_ENDS = frozenset({"return_statement", "raise_statement"})
_ARGUMENTS = re.compile(r"\barguments\b")


def may_move(parsed: ParsedSource, statement: Node, value: Node, uses: list[Node]) -> bool:
    """Return whether a value is the same where it goes, and nothing else happens by it."""
    kind, block = steadiness(value), statement.parent
    if block is None or not all(_means_the_same(parsed, value, use) for use in uses):
        return False
    if kind is Steadiness.CONSTANT:
        return not any(_becomes_untyped(parsed, use) for use in uses)
    if any(is_in_closure(use, block) for use in uses) or _has_aliases(parsed, block):
        return False
    if parsed.language.name == "go" and any(_may_change_within(parsed, use) for use in uses):
        return False
    if len(uses) == 1 and _keeps_its_kind(parsed, value, uses[0]):
        is_fixed = partial(_is_fixed, parsed, until=statement.end_byte)
        if is_next_evaluated(statement, uses[0], is_fixed):
            return True
    return _is_steady(parsed, (statement, value), uses)


def is_written(node: Node) -> bool:
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


def _is_steady(parsed: ParsedSource, found: tuple[Node, Node], uses: list[Node]) -> bool:
    """Return whether nothing happens up to the last use that the value depends on."""
    statement, value = found
    kind, block = steadiness(value), statement.parent
    if kind is Steadiness.NAME and _is_fixed(parsed, value, until=statement.start_byte):
        return True
    # A value of Rust may move only once.
    is_repeated = kind is Steadiness.READ and len(uses) > 1
    is_any = kind is Steadiness.ANYTHING or parsed.language.name == "rust"
    if block is None or is_repeated or is_any or any(is_guarded(use, block) for use in uses):
        return False
    if can_fail(value) and not is_surely_evaluated(statement, uses[0]):
        return False
    loops = (outermost_loop(use, block) for use in uses)
    ends = (
        loop.end_byte if loop else use.start_byte for loop, use in zip(loops, uses, strict=True)
    )
    is_harmless = partial(_sets_local, parsed)
    return not has_effect_between(block, statement.end_byte, max(ends), is_harmless)


def _sets_local(parsed: ParsedSource, node: Node) -> bool:
    """Return whether a node gives a local variable another value; the value's own are fixed."""
    target = node.child_by_field_name("left")
    if node.type not in _ASSIGNMENTS or target is None or target.type != "identifier":
        return False
    local = local_name_at(parsed, parsed.char(target.start_byte))
    return local is not None and local.doubt in _KNOWN


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
        if scopes.owner(node) is not None and not _is_fixed(parsed, node, until=value.start_byte):
            return False
    return True


def _is_fixed(parsed: ParsedSource, name: Node, *, until: int) -> bool:
    """Return whether a name is that of a local variable that gets its only value before a byte."""
    local = local_name_at(parsed, parsed.char(name.start_byte))
    if local is None or local.doubt not in _KNOWN:
        return False
    nodes = [node for it in local.uses if (node := name_at(parsed, it.span.start))]
    bound = [it for it in local.uses if it.is_binding]
    return (
        len(bound) == 1
        and parsed.byte(bound[0].span.start) < until
        and not any(
            is_written(it) or _may_change_within(parsed, it)
            for it, use in zip(nodes, local.uses, strict=True)
            if not use.is_binding
        )
    )


def _may_change_within(parsed: ParsedSource, name: Node) -> bool:
    """Return whether a part of a variable is written, or a method is called that may do so."""
    node, parent = name, name.parent
    if parsed.language.name not in _WITH_COPIES:
        return False
    while parent is not None and _PART.fullmatch(parent.type):
        node, parent = parent, parent.parent
    is_callee = parent is not None and parent.child_by_field_name("function") == node
    return node != name and (is_callee or is_written(node))


def _has_aliases(parsed: ParsedSource, block: Node) -> bool:
    """Return whether JavaScript may change parameters by another name."""
    is_known = parsed.language.name in {"javascript", "tsx", "typescript"}
    return is_known and bool(_ARGUMENTS.search(parsed.text(block)))


def _becomes_untyped(parsed: ParsedSource, use: Node) -> bool:
    """Return whether Go would calculate otherwise with a constant than with a variable of it."""
    top = use
    while top.parent is not None and _OPERATION.fullmatch(top.parent.type):
        top = top.parent
    is_go = parsed.language.name == "go" and top != use
    parts = (child for node in descendants(top) for child in (node, *node.children))
    return is_go and any(it.type in _OF_TYPED_NUMBERS for it in parts)


def _keeps_its_kind(parsed: ParsedSource, value: Node, use: Node) -> bool:
    """Return whether a call or so may stand where the variable stood.

    Go cannot take the address of a result for a method. Rust drops what a call made on its way only
    with the whole statement: a lock would be held for longer. Python drops it at once when nobody
    holds it: a temporary folder would be gone.
    """
    kind = use.parent.type if use.parent else ""
    match parsed.language.name:
        case "python":
            return not _is_made(value) or kind in _HOLDS or _is_at_end(use)
        case "go":
            return kind != "selector_expression"
        case "rust":
            made = [it for it in descendants(value) if _MAKES_TEMPORARY.fullmatch(it.type)]
            is_alone = not made or made == [value]
            return kind == "return_expression" or (is_alone and kind in {"arguments", "block"})
        case _:
            return True


def _is_made(value: Node) -> bool:
    return any(_MADE.fullmatch(it.type) for it in descendants(value))


def _is_at_end(use: Node) -> bool:
    """Return whether a use is in the last statement that its function comes to."""
    around = use.parent
    while around is not None and not around.type.endswith("statement"):
        around = around.parent
    return around is not None and around.type in _ENDS
