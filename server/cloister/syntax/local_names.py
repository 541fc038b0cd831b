"""Every place where a local name is written, or why that cannot be told for sure.

A place that is missed breaks a program, so a doubt is an answer. Each word of the same spelling is
looked at: it is this variable, another one, or no variable; anything else is a doubt.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tree_sitter import Node

from cloister.core.outline import Reference, ReferenceKind
from cloister.core.text import Span
from cloister.syntax.callers import named_by_callers
from cloister.syntax.local_scopes import Doubt, DoubtError, Scopes, scopes_around
from cloister.syntax.plain_code import require_plain
from cloister.syntax.references import references_in
from cloister.syntax.tree import ParsedSource
from cloister.syntax.words import is_name, is_shorthand, words

_OTHER_NAMES = re.compile(
    "(?:private_)?property_identifier|field_identifier|statement_identifier|label_name"
    "|namespace_identifier|package_identifier"
)
_LABELS = frozenset({"label_statement", "goto_statement"})
# In these a bare name may be that of a member.
_CLASS_BODIES = {"cpp": "field_declaration_list", "java": "class_body"}
_BOUND_ELSEWHERE = frozenset({"global_statement", "nonlocal_statement"})
# What elements such as `<b/>` may be made with.
_FACTORIES = frozenset({"Fragment", "React", "h", "jsx"})
_OF_ELEMENTS = {"javascript": _FACTORIES, "tsx": _FACTORIES}


@dataclass(frozen=True, slots=True)
class NameUse:
    """One place; a shorthand such as `{x}` means `x: x`, and a binding makes the name known."""

    span: Span
    is_binding: bool = False
    is_shorthand: bool = False


@dataclass(frozen=True, slots=True)
class LocalName:
    """A name and the places where it is written, in order; with a `doubt` there may be others.

    `scope` is the code in which it is known. Where only CALLERS are in doubt all places in it are
    known.
    """

    name: str
    scope: Span
    uses: tuple[NameUse, ...]
    doubt: Doubt | None = None


def local_name_at(parsed: ParsedSource, offset: int) -> LocalName | None:
    """Return the local name that is written at `offset`, or ends there; None for other names."""
    node = name_at(parsed, offset)
    if node is None:
        return None
    name, here = parsed.text(node), parsed.span(node)
    scope = here
    try:
        scopes = scopes_around(parsed, node, name)
        owner = scopes.owner(node)
        if owner is None:
            return None
        scope = parsed.span(owner)
        local = _local_name(scopes, owner, name)
    except DoubtError as error:
        return LocalName(name, scope, (NameUse(here),), error.doubt)
    return local if any(it.span == here for it in local.uses) else None


def name_at(parsed: ParsedSource, offset: int) -> Node | None:
    """Return the name that is written at `offset`, or ends there."""
    for start in (offset, offset - 1):
        if 0 <= start < len(parsed.source):
            byte = parsed.byte(start)
            node = parsed.root.descendant_for_byte_range(byte, byte + 1)
            if node is not None and is_name(node):
                return node
    return None


def _local_name(scopes: Scopes, scope: Node, name: str) -> LocalName:
    parsed, doubt = scopes.parsed, None
    require_plain(parsed, scope)
    if name in _OF_ELEMENTS.get(parsed.language.name, ()):
        raise DoubtError
    uses = list(_written(scopes, scope, name))
    _require_end(scopes, scope, name)
    try:
        called = named_by_callers(parsed, scopes.bindings, scope)
        uses += [NameUse(parsed.span(it)) for it in called]
    except DoubtError as error:
        doubt = error.doubt
    ordered = tuple(sorted(uses, key=lambda it: it.span.start))
    return LocalName(name, parsed.span(scope), ordered, doubt)


def _written(scopes: Scopes, scope: Node, name: str) -> Iterator[NameUse]:
    parsed = scopes.parsed
    references = {it.span.start: it for it in references_in(parsed, parsed.span(scope))}
    bound = {it for nodes in scopes.bindings.values() for it in nodes}
    for node in words(parsed, scope, name):
        is_binding = node in bound
        if node.type == "type_identifier" or _may_be_function(node):
            raise DoubtError
        if is_binding or _is_variable(parsed, node, references.get(parsed.char(node.start_byte))):
            owner = scopes.owner(node)
            if owner is None or _may_be_member(parsed, node, owner):
                raise DoubtError
            if not is_binding and scopes.comes_too_early(owner, node):
                raise DoubtError
            if owner == scope:
                yield NameUse(parsed.span(node), is_binding, is_shorthand(node))


def _require_end(scopes: Scopes, scope: Node, name: str) -> None:
    """Raise DoubtError where a pattern of Java may make a name known behind its statement."""
    block = scope.parent
    is_matched = any(_is_matched(it, scope) for it in scopes.bindings[scope])
    for node in words(scopes.parsed, block, name) if block is not None and is_matched else ():
        if node.start_byte >= scope.end_byte and scopes.owner(node) is None:
            raise DoubtError


def _is_matched(binding: Node, scope: Node) -> bool:
    around = binding.parent
    while around is not None and around != scope:
        if around.type == "instanceof_expression":
            return True
        around = around.parent
    return False


def _is_variable(parsed: ParsedSource, node: Node, reference: Reference | None) -> bool:
    """Return whether a word names a variable; raises DoubtError where that is unclear."""
    parent = node.parent
    kind = parent.type if parent else ""
    if _OTHER_NAMES.fullmatch(node.type) or kind in _LABELS or _is_part(node):
        return False
    if kind == "type_predicate" or node.type.startswith("shorthand_property_identifier"):
        return True
    if reference is None or kind in _BOUND_ELSEWHERE or _is_odd(node):
        raise DoubtError
    return _names_variable(parsed.language.name, node, reference)


def _names_variable(language: str, node: Node, reference: Reference) -> bool:
    match reference.kind:
        case ReferenceKind.MEMBER:
            # What stands before a colon in Go may be a field or the key of a map.
            if language == "go" and node.type == "identifier":
                raise DoubtError
            return False
        case ReferenceKind.CALL:
            return language != "java" and not reference.receiver
        case ReferenceKind.TYPE if language != "python":
            raise DoubtError
        case ReferenceKind.TYPE:
            return not reference.receiver
        case ReferenceKind.NAME:
            return True


def _may_be_function(node: Node) -> bool:
    """Return whether C++ declares a function or a variable here, which looks the same."""
    return node.parent is not None and node.parent.type == "function_declarator"


def _is_odd(node: Node) -> bool:
    """Return whether a name is printed as well, is a key in a macro or may be one of an enum."""
    parent, following = node.parent, node.next_sibling
    if parent is not None and parent.type == "switch_label":
        return True
    if parent is not None and parent.child_by_field_name("symbol") == node:
        return True
    if parent is not None and parent.type == "interpolation":
        return any(it.type == "=" for it in parent.children)
    if parent is not None and parent.type == "token_tree":
        return following is not None and following.type in {":", "=", "=>", "!"}
    return False


def _is_part(node: Node) -> bool:
    """Return whether a name is part of another in a macro of Rust, or in a pattern of Python."""
    parent, before, following = node.parent, node.prev_sibling, node.next_sibling
    is_list = parent is not None and parent.type in {"dotted_name", "token_tree"}
    is_behind = before is not None and before.type in {".", "::"}
    return is_list and (is_behind or (following is not None and following.type == "::"))


def _may_be_member(parsed: ParsedSource, node: Node, scope: Node) -> bool:
    """Return whether a class within a scope may have or inherit a member of that name."""
    around = node.parent
    body = _CLASS_BODIES.get(parsed.language.name)
    while body and around is not None and around != scope:
        if around.type == body:
            return True
        around = around.parent
    return False
