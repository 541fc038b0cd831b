"""How a value is written where a name stood, so that it is read as one operand."""

import re

from tree_sitter import Node

from cloister.syntax.tree import ParsedSource
from cloister.syntax.words import is_shorthand

# A value of these kinds may fall apart beside an operator.
_LOOSE = re.compile(
    "operator|binary|unary|comparison|conditional|ternary|await|assignment|named_expression|range"
    "|cast|as_expression|satisfies|generator|new_expression|concatenated|macro|update|is_|sequence"
    "|if_expression|match_expression|spread|splat|reference|typeof|instanceof|object|composite"
    "|struct_expression|not_"
)
_NUMBER = re.compile("integer|float|number|.*(?:int|integer|float|floating_point)_literal")
# A call of Lua that is the last of these is all of its results.
_LISTS = frozenset({"arguments", "expression_list", "field"})
_MANY = frozenset({"function_call", "vararg_expression"})
# What stands in these is read whole.
_CLOSED = re.compile(
    "arguments?(?:_list)?|return_statement|return_expression|parenthesized_expression|assignment"
    "|assignment_expression|variable_declarator|pair|keyword_argument|list|array|expression_list"
    "|let_declaration|template_substitution|jsx_expression|dictionary"
)
_TEXTS = frozenset({"interpolation", "format_expression"})
_ROOMY = frozenset({"javascript", "tsx", "typescript"})


def placed_value(parsed: ParsedSource, value: Node, use: Node) -> str | None:
    """Return the text that takes the place of a use; None where none can."""
    text, parent = parsed.text(value), use.parent
    if parent is None or (_is_in_text(use) and re.search(r"[\"'\\{}!:#]", text)):
        return None
    is_receiver, language = _is_receiver(use, parent), parsed.language.name
    if is_receiver and language == "rust" and _NUMBER.fullmatch(value.type):
        # Nobody knows which number it is then.
        return None
    if language in _ROOMY and _would_bind(value, use, parent):
        return None
    is_loose = _is_loose(language, value, text) and not _is_closed(parsed, text, use, parent)
    is_literal = bool(_NUMBER.fullmatch(value.type)) or (language == "lua" and text[0] in "\"'[{")
    is_many = language == "lua" and value.type in _MANY and parent.type in _LISTS
    if is_loose or (is_literal and is_receiver) or is_many:
        text = f"({text})"
    if _begins_statement(use) and text[0] in "([`/+-{":
        # It would go on with the line before, or be read as a block.
        return None
    return f"{parsed.text(use)}: {text}" if is_shorthand(use) else text


def _is_in_text(use: Node) -> bool:
    """Return whether a use is part of a text of Python, where quotes may end that."""
    around = use.parent
    while around is not None and not around.type.endswith("statement"):
        if around.type in _TEXTS:
            return True
        around = around.parent
    return False


def _would_bind(value: Node, use: Node, parent: Node) -> bool:
    """Return whether a function of JavaScript would be called as a method."""
    while value.type == "parenthesized_expression" and value.named_child_count == 1:
        value = value.named_children[0]
    is_member = value.type in {"member_expression", "subscript_expression"}
    return is_member and parent.child_by_field_name("function") == use


def _is_loose(language: str, value: Node, text: str) -> bool:
    # What is optional ends with its parentheses.
    is_optional = language in _ROOMY and "?." in text
    return bool(_LOOSE.search(value.type)) or is_optional


def _is_closed(parsed: ParsedSource, text: str, use: Node, parent: Node) -> bool:
    if parsed.language.name in _ROOMY and "<" in text:
        return False
    if parent.child_by_field_name("function") == use:
        return False
    return is_shorthand(use) or bool(_CLOSED.fullmatch(parent.type))


def _is_receiver(use: Node, parent: Node) -> bool:
    return any(
        parent.child_by_field_name(field) == use
        for field in ("object", "operand", "value", "table")
    ) and not _CLOSED.fullmatch(parent.type)


def _begins_statement(use: Node) -> bool:
    node = use
    while node.parent is not None and node.parent.start_byte == use.start_byte:
        node = node.parent
        if node.type == "expression_statement":
            return True
    return False
