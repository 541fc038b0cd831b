"""What evaluating an expression needs and does, as far as its syntax shows.

Everything that is not known to be harmless counts as an effect. Operators are taken to compute a
value from their operands and nothing else.
"""

import re
from collections.abc import Callable, Iterator
from enum import IntEnum

from tree_sitter import Node

_CONSTANT = re.compile(
    r"(?:\w+_)?(?:integer|float|int|number|string|boolean|char|character|rune)(?:_literal)?"
    "|true|false|none|null|nil|undefined|string_(?:start|content|end|fragment)|escape_sequence"
)
_OPERATION = re.compile(
    "(?:binary|unary|boolean|not|comparison)_(?:operator|expression)|not_operator"
    "|parenthesized_expression|ternary_expression|conditional_expression"
)
# What these give depends on more than names, or they do something.
_UNSTEADY_OPERATORS = frozenset({"&", "*", "<-", "delete"})
_READ = re.compile(
    "attribute|subscript|(?:member|subscript|index|selector|field|dot_index)_expression"
    "|field_access|array_access|property_identifier|field_identifier"
)
_EFFECT = re.compile(
    "call|invocation|await|yield|new|macro|assign|update|inc_|dec_|delete|send|receive|raise|throw"
    "|decorat|object_creation|with_|defer|go_|import|for_|splat|spread|comprehension|generator"
)
_LOOP = re.compile(r"(?:enhanced_)?(?:for|while|do|loop|repeat)_\w+|\w*comprehension|generator_\w+")
_CLOSURE = re.compile("lambda|closure|arrow_function|func|method|class|generator_expression")
_NO_CLOSURE = re.compile("call|arguments|declarator|body|invocation")
_GUARD = re.compile("try_(?:with_resources_)?statement|with_statement")
_SOMETIMES = re.compile("if_|elif|else|while_|for_|conditional|ternary|case|switch|match|compreh")
_FIRST = ("condition", "subject", "right")
_LAZY_OPERATORS = frozenset({"&&", "||", "??", "and", "or", "?."})
_JUMP = re.compile("return|break|continue|raise|throw|goto")
_DIVISIONS = frozenset({"/", "//", "%"})


class Steadiness(IntEnum):
    """How little may happen before a value is evaluated so that it stays the same."""

    CONSTANT = 0
    NAME = 1
    COMPUTED = 2
    READ = 3
    ANYTHING = 4


def steadiness(value: Node) -> Steadiness:
    """Return how an expression depends on what happens around it."""
    if value.type == "identifier":
        return Steadiness.NAME
    found = [_of_node(node) for node in descendants(value)]
    return max(found, default=Steadiness.ANYTHING)


def descendants(node: Node) -> Iterator[Node]:
    """Yield a node and all named ones below it, in order."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        waiting.extend(reversed(each.named_children))


def has_effect_between(
    block: Node, start: int, end: int, is_harmless: Callable[[Node], bool]
) -> bool:
    """Return whether something in a block begins after `start` and has happened before `end`.

    What would count is passed over where `is_harmless` says so.
    """
    return any(
        _EFFECT.search(node.type) and not is_harmless(node)
        for child in block.named_children
        if child.end_byte > start and child.start_byte < end
        for node in descendants(child)
        if start <= node.start_byte and node.end_byte <= end
    )


def outermost_loop(node: Node, block: Node) -> Node | None:
    """Return the outermost loop around a node within a block."""
    loops = [it for it in _around(node, block) if _LOOP.fullmatch(it.type)]
    return loops[-1] if loops else None


def is_in_closure(node: Node, block: Node) -> bool:
    """Return whether a node is evaluated at another time than its block."""
    return any(
        _CLOSURE.search(it.type) and not _NO_CLOSURE.search(it.type) for it in _around(node, block)
    )


def is_guarded(node: Node, block: Node) -> bool:
    """Return whether something around a node may catch its failure."""
    return any(_GUARD.fullmatch(it.type) for it in _around(node, block))


def can_fail(value: Node) -> bool:
    """Return whether a value may be impossible to get."""
    found = (child.type for it in descendants(value) for child in it.children)
    return steadiness(value) >= Steadiness.READ or not _DIVISIONS.isdisjoint(found)


def is_surely_evaluated(statement: Node, use: Node) -> bool:
    """Return whether a use behind a statement is evaluated whenever that is."""
    block, node = statement.parent, use
    while node.parent is not None and node.parent != block:
        if _is_evaluated_sometimes(node, node.parent):
            return False
        node = node.parent
    return block is not None and not any(
        _JUMP.search(it.type)
        for child in block.named_children
        if statement.end_byte <= child.start_byte < use.start_byte
        for it in descendants(child)
        if it.end_byte <= use.start_byte
    )


def _is_evaluated_sometimes(node: Node, parent: Node) -> bool:
    is_first = any(parent.child_by_field_name(field) == node for field in _FIRST)
    is_lazy = any(it.type in _LAZY_OPERATORS for it in parent.children)
    if is_lazy:
        return parent.named_children[0] != node
    return bool(_SOMETIMES.search(parent.type)) and not is_first


def _around(node: Node, block: Node) -> Iterator[Node]:
    around = node.parent
    while around is not None and around != block:
        yield around
        around = around.parent


def _of_node(node: Node) -> Steadiness:
    if "unary" in node.type and any(it.type in _UNSTEADY_OPERATORS for it in node.children):
        return Steadiness.ANYTHING
    if _CONSTANT.fullmatch(node.type):
        return Steadiness.CONSTANT
    if node.type == "identifier" or _OPERATION.fullmatch(node.type):
        return Steadiness.COMPUTED if node.type == "identifier" else Steadiness.CONSTANT
    return Steadiness.READ if _READ.fullmatch(node.type) else Steadiness.ANYTHING
