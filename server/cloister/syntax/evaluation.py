"""What evaluating an expression needs and does, as far as its syntax shows.

Everything that is not known to be harmless counts as an effect. Operators are taken to compute a
value from their operands and nothing else.
"""

import re
from collections.abc import Iterator
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
_READ = re.compile(
    "attribute|subscript|(?:member|subscript|index|selector|field|dot_index)_expression"
    "|field_access|array_access|property_identifier|field_identifier"
)
_EFFECT = re.compile(
    "call|invocation|await|yield|new|macro|assign|update|inc_|dec_|delete|send|receive|raise|throw"
    "|decorat|object_creation|with_|defer|go_|import"
)
_LOOP = re.compile(r"(?:enhanced_)?(?:for|while|do|loop|repeat)_\w+|\w*comprehension|generator_\w+")
_CLOSURE = re.compile("lambda|closure|arrow_function|func|method|class")
_NO_CLOSURE = re.compile("call|arguments|declarator|body|invocation")


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


def has_effect_between(block: Node, start: int, end: int) -> bool:
    """Return whether something in a block begins after `start` and has happened before `end`."""
    return any(
        _EFFECT.search(node.type) and not _sets_a_name(node)
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


def _around(node: Node, block: Node) -> Iterator[Node]:
    around = node.parent
    while around is not None and around != block:
        yield around
        around = around.parent


def _of_node(node: Node) -> Steadiness:
    if _CONSTANT.fullmatch(node.type):
        return Steadiness.CONSTANT
    if node.type == "identifier" or _OPERATION.fullmatch(node.type):
        return Steadiness.COMPUTED if node.type == "identifier" else Steadiness.CONSTANT
    return Steadiness.READ if _READ.fullmatch(node.type) else Steadiness.ANYTHING


def _sets_a_name(node: Node) -> bool:
    """Return whether a node assigns to a plain variable, which other checks look at."""
    target = node.child_by_field_name("left")
    return "assign" in node.type and target is not None and target.type == "identifier"
