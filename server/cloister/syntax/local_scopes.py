"""Which variable a word means: the scopes around a place, and where in them a name is bound.

A function and its body are one scope. Where a language knows a name only from its declaration on, a
word before that belongs to somebody else.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from tree_sitter import Node

from cloister.syntax.queries import matches, query
from cloister.syntax.tree import ParsedSource

_FUNCTION = re.compile("func|method|lambda|closure|constructor|arrow")
_NO_FUNCTION = re.compile("body|type|signature|call|invocation|declarator")
_PARAMETER = re.compile("param")
_PATTERN = re.compile("^(?:object|array|pair|rest|assignment|object_assignment)_pattern$")
_COMPREHENSION = re.compile("comprehension|generator_expression")
# Names are known in all of their scope, also before the line that binds them.
_KNOWN_BEFORE = frozenset({"javascript", "python", "tsx", "typescript"})
_LISTS = frozenset({"statement_list", "switch_block_statement_group"})
# What stands behind these is evaluated before the name is known.
_BINDS_FROM = frozenset({"=", ":=", ":", "in", "of", "range"})


class Doubt(StrEnum):
    """Why the places of a name are not known for sure."""

    LANGUAGE = "language"
    CALLERS = "callers"
    UNCLEAR = "unclear"


class DoubtError(Exception):
    """The places of a name are not known for sure; never leaves `syntax`."""

    def __init__(self, doubt: Doubt = Doubt.UNCLEAR) -> None:
        super().__init__(doubt)
        self.doubt = doubt


@dataclass(frozen=True, slots=True)
class Scopes:
    """Where one name is bound in the outermost function around a place.

    `bindings` are the nodes that bind it, in order, by the scope in which they are known.
    """

    parsed: ParsedSource
    all: frozenset[Node]
    bindings: dict[Node, list[Node]]

    def owner(self, node: Node) -> Node | None:
        """Return the innermost scope around a node that binds the name."""
        around = node.parent
        while around is not None:
            scope = _merged(around)
            if around in self.all and scope in self.bindings:
                return scope
            around = around.parent
        return None

    def comes_too_early(self, scope: Node, node: Node) -> bool:
        """Return whether a word in a scope stands where the scope's own name is not yet known."""
        first = self.bindings[scope][0]
        if _is_captured(scope, node):
            return True
        if _COMPREHENSION.search(scope.type):
            return _is_in_source_of(scope, node)
        body = scope.child_by_field_name("body") if _includes_body(scope) else None
        if is_parameter(first, scope) or self.parsed.language.name in _KNOWN_BEFORE:
            return _is_in_signature(self.parsed.language.name, (first, scope), node, body)
        return node.start_byte < _declared_until(first, body or scope)


def scopes_around(parsed: ParsedSource, node: Node, name: str) -> Scopes:
    """Return where `name` is bound in the outermost function around a node.

    Raises DoubtError where a class within a function binds it: it is a member then.
    """
    top = _top(node)
    found = [
        captures
        for _, captures in matches(parsed, query(parsed.language, "scopes"), parsed.span(top))
    ]
    scopes = frozenset(it for captures in found for it in captures.get("scope", ()))
    nodes = {it for captures in found for it in captures.get("binding", ())}
    bindings: dict[Node, list[Node]] = {}
    for it in sorted(nodes, key=lambda it: it.start_byte):
        if parsed.text(it) != name or _is_only_assigned(it):
            continue
        if home := _home(it, scopes):
            bindings.setdefault(home, []).append(it)
    return Scopes(parsed, scopes, bindings)


def is_function(node: Node) -> bool:
    """Return whether a node is a function of any kind."""
    return bool(_FUNCTION.search(node.type)) and not _NO_FUNCTION.search(node.type)


def is_parameter(binding: Node, scope: Node) -> bool:
    """Return whether a name is bound by what its scope is called with."""
    node: Node | None = binding
    while node is not None and node != scope:
        if _PARAMETER.search(node.type):
            return True
        if node.parent == scope and is_function(scope):
            return scope.child_by_field_name("body") != node
        node = node.parent
    return False


def _top(node: Node) -> Node:
    """Return the outermost function around a node, or what stands at the top of the file."""
    top, is_in_function = node, False
    around = node.parent
    while around is not None and around.parent is not None:
        if is_function(around) or not is_in_function:
            top = around
        is_in_function = is_in_function or is_function(around)
        around = around.parent
    return top


def _home(binding: Node, scopes: frozenset[Node]) -> Node | None:
    is_hoisted, is_member = _is_hoisted(binding), False
    around = binding.parent
    while around is not None:
        if _is_external(around):
            raise DoubtError
        scope = _merged(around)
        if around in scopes and (not is_hoisted or is_function(scope)):
            if is_member:
                raise DoubtError
            return scope
        if around.type == "export_statement":
            return None
        is_member = is_member or around.type == "class_definition"
        around = around.parent
    return None


def _is_external(node: Node) -> bool:
    """Return whether C declares here what is defined elsewhere."""
    kinds = (it for it in node.children if it.type == "storage_class_specifier")
    return node.type == "declaration" and any(
        child.type == "extern" for it in kinds for child in it.children
    )


def _includes_body(scope: Node) -> bool:
    """Return whether what a body makes known is known around it: the end of `repeat` in Lua."""
    return is_function(scope) or scope.type == "repeat_statement"


def _merged(scope: Node) -> Node:
    """Return the function whose body or parameters a scope is, and `switch` for its cases."""
    parent = scope.parent
    if scope.type == "switch_block_statement_group":
        return parent or scope
    is_of_function = parent is not None and _includes_body(parent)
    # The parameters of a lambda in C++ are in a node of their own.
    is_part = scope.type == "abstract_function_declarator" or (
        parent is not None and parent.child_by_field_name("body") == scope
    )
    return parent if parent is not None and is_of_function and is_part else scope


def _is_hoisted(binding: Node) -> bool:
    """Return whether a name is known in the whole function, whatever block binds it."""
    pattern = _pattern(binding)
    parent = pattern.parent
    if parent is not None and parent.type == "variable_declarator":
        parent = parent.parent
    kind = parent.child_by_field_name("kind") if parent is not None else None
    return parent is not None and (
        # `var` of JavaScript, and `:=` in a comprehension of Python.
        (parent.type == "variable_declaration" and parent.children[0].type == "var")
        or (parent.type == "for_in_statement" and kind is not None and kind.type == "var")
        or parent.type == "named_expression"
    )


def _is_only_assigned(name: Node) -> bool:
    """Return whether a pattern gives a value to a variable of JavaScript that is known already."""
    pattern = _pattern(name)
    parent = pattern.parent
    is_target = parent is not None and parent.child_by_field_name("left") == pattern
    return is_target and parent is not None and parent.type == "assignment_expression"


def _pattern(name: Node) -> Node:
    """Return the whole pattern that a name is part of, or the name itself."""
    node = name
    while node.parent is not None and _PATTERN.search(node.parent.type):
        node = node.parent
    return node


def _is_in_source_of(comprehension: Node, node: Node) -> bool:
    """Return whether a word is in what the first loop goes through, which is read outside."""
    inside = node
    while inside.parent is not None and inside.parent != comprehension:
        if inside.parent.type == "for_in_clause":
            return inside.parent.child_by_field_name("right") == inside
        inside = inside.parent
    return False


def _is_captured(scope: Node, node: Node) -> bool:
    """Return whether a lambda of C++ takes a word from around it."""
    captures = scope.child_by_field_name("captures")
    return captures is not None and captures.start_byte <= node.start_byte < captures.end_byte


def _is_in_signature(
    language: str, bound: tuple[Node, Node], node: Node, body: Node | None
) -> bool:
    """Return whether a word stands in a signature where the name is not known."""
    first, scope = bound
    if body is None or node.start_byte >= body.start_byte:
        return False
    # A default value in Python is evaluated where the function is defined.
    return (
        language == "python" or not is_parameter(first, scope) or node.start_byte < first.start_byte
    )


def _declared_until(first: Node, scope: Node) -> int:
    """Return where the declaration of a name ends within a scope."""
    node = first
    while node.parent is not None and node.parent != scope and node.parent.type not in _LISTS:
        node = node.parent
    while (after := node.next_sibling) is not None and after.type in _BINDS_FROM:
        node = after.next_sibling or after
    return node.end_byte
