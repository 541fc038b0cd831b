"""Whether a place is the very next thing that is evaluated after a statement."""

import re
from collections.abc import Callable

from tree_sitter import Node

# Parts of these are evaluated always, once, and from left to right.
_EAGER = re.compile(
    "return_statement|return_expression|expression_statement|arguments?(?:_list)?|call"
    "|call_expression|function_call|method_invocation|parenthesized_expression|expression_list"
    "|binary_(?:operator|expression)|unary_(?:operator|expression)|not_operator|attribute"
    "|member_expression|selector_expression|field_expression|field_access|dot_index_expression"
    "|subscript|subscript_expression|index_expression|list|tuple|array|array_literal"
    "|variable_declarator|lexical_declaration|short_var_declaration|let_declaration|await"
    "|local_variable_declaration|variable_declaration|keyword_argument|await_expression"
    "|raise_statement|throw_statement|interpolation|string|template_string|template_substitution"
)
_CONDITION = re.compile("if_statement|if_expression|switch_statement|match_statement")
_THROUGH = re.compile("for_statement|for_in_statement|for_expression|enhanced_for_statement")
_ASSIGNMENT = re.compile("assignment(?:_expression|_statement)?")
_LAZY_OPERATORS = frozenset({"&&", "||", "??", "and", "or"})
_PLAIN = re.compile(
    "integer|float|number|int_literal|true|false|none|null|nil|string\\w*"
    "|[a-z_]*literal|type_identifier|property_identifier|field_identifier"
)


# What is called or declared here nobody changes in between.
_NAMED = ("function", "name", "pattern")


def is_next_evaluated(statement: Node, use: Node, is_fixed: Callable[[Node], bool]) -> bool:
    """Return whether `use` is evaluated right after `statement`, before anything can happen.

    `is_fixed` says of a name whether its value can change no more; other names are not read before.
    """
    following = statement.next_named_sibling
    node = use
    while node.parent is not None and node != following:
        if not _is_evaluated_next(node, node.parent, is_fixed):
            return False
        node = node.parent
    return node == following


def _is_evaluated_next(node: Node, parent: Node, is_fixed: Callable[[Node], bool]) -> bool:
    if _CONDITION.fullmatch(parent.type):
        return node in {
            parent.child_by_field_name("condition"),
            parent.child_by_field_name("value"),
            parent.child_by_field_name("subject"),
        }
    if _THROUGH.fullmatch(parent.type):
        return node in {parent.child_by_field_name("right"), parent.child_by_field_name("value")}
    if _ASSIGNMENT.fullmatch(parent.type):
        target = parent.child_by_field_name("left")
        return target is not None and target.type == "identifier" and target != node
    is_lazy = any(it.type in _LAZY_OPERATORS for it in parent.children)
    if is_lazy or not (_EAGER.fullmatch(parent.type) or parent.type in {"block", "statement_list"}):
        return False
    named = {parent.child_by_field_name(field) for field in _NAMED}
    return all(
        it in named or is_fixed(it) if it.type == "identifier" else _is_plain(it)
        for it in parent.named_children
        if it.end_byte <= node.start_byte
    )


def _is_plain(node: Node) -> bool:
    """Return whether nothing can happen, and nothing be read that may change, in a node."""
    return bool(_PLAIN.fullmatch(node.type)) and not any(
        it.type in {"interpolation", "template_substitution"} for it in node.named_children
    )
