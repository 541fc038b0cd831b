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
from cloister.syntax.references import references_in
from cloister.syntax.tree import ParsedSource
from cloister.syntax.words import is_name, is_shorthand, words

# Queries of other languages do not tell variables from the names of members and arguments.
SURE_LANGUAGES = frozenset(
    {"c", "cpp", "go", "java", "javascript", "lua", "python", "rust", "tsx", "typescript"}
)
_MOST_SCOPE_CHARS = 200_000
# What holds definitions that have nothing to do with each other.
_CONTAINER = re.compile(
    "translation_unit|declaration_list|program|module|source_file|chunk|preproc"
)
_OTHER_NAMES = re.compile(
    "(?:private_)?property_identifier|field_identifier|statement_identifier|label_name"
    "|namespace_identifier|package_identifier"
)
_LABELS = frozenset({"label_statement", "goto_statement"})
_BOUND_ELSEWHERE = frozenset({"global_statement", "nonlocal_statement"})
# What elements such as `<b/>` may be made with.
_FACTORIES = frozenset({"Fragment", "React", "h", "jsx"})
_OF_ELEMENTS = {"javascript": _FACTORIES, "tsx": _FACTORIES}
# By custom these are macros, which may use any name where they are expanded.
_MACRO = re.compile(r"\b[A-Z][A-Z0-9_]{2,}\s*\(")
_JAVASCRIPT = re.compile(r"\beval\s*\(|\bwith\s*\(")
# What reads variables by names that are not written here.
_READS_BY_NAME = {
    "c": _MACRO,
    "cpp": _MACRO,
    "javascript": _JAVASCRIPT,
    "python": re.compile(r"\b(?:locals|vars|eval|exec)\s*\("),
    "tsx": _JAVASCRIPT,
    "typescript": _JAVASCRIPT,
}


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
    _require_plain(parsed, scope)
    if name in _OF_ELEMENTS.get(parsed.language.name, ()):
        raise DoubtError
    uses = list(_written(scopes, scope, name))
    try:
        called = named_by_callers(parsed, scopes.bindings, scope)
        uses += [NameUse(parsed.span(it)) for it in called]
    except DoubtError as error:
        doubt = error.doubt
    ordered = tuple(sorted(uses, key=lambda it: it.span.start))
    return LocalName(name, parsed.span(scope), ordered, doubt)


def _require_plain(parsed: ParsedSource, scope: Node) -> None:
    """Raise DoubtError for code in which names mean more than its syntax says."""
    language, span = parsed.language.name, parsed.span(scope)
    if language not in SURE_LANGUAGES:
        raise DoubtError(Doubt.LANGUAGE)
    reads, code = _READS_BY_NAME.get(language), parsed.source[span.start : span.end]
    if len(code) > _MOST_SCOPE_CHARS or _is_obscure(scope) or (reads and reads.search(code)):
        raise DoubtError


def _is_obscure(scope: Node) -> bool:
    """Return whether not all of the definition around a scope is understood."""
    # A declaration in C++ may name its parameters behind them.
    is_obscure = scope.type in {"parameter_list", "abstract_function_declarator"}
    outermost = scope
    while (around := outermost.parent) is not None and not _CONTAINER.search(around.type):
        is_obscure = is_obscure or _is_no_function(outermost)
        outermost = around
    return is_obscure or outermost.has_error or _is_no_function(outermost)


def _is_no_function(node: Node) -> bool:
    """Return whether a class of C++ is taken for a function, because a macro stands before it."""
    declarator = node.child_by_field_name("declarator")
    if node.type != "function_definition" or declarator is None:
        return False
    while declarator is not None and declarator.type != "function_declarator":
        declarator = next((it for it in declarator.named_children if "declar" in it.type), None)
    return declarator is None


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


def _is_variable(parsed: ParsedSource, node: Node, reference: Reference | None) -> bool:
    """Return whether a word names a variable; raises DoubtError where that is unclear."""
    parent = node.parent
    kind = parent.type if parent else ""
    if _OTHER_NAMES.fullmatch(node.type) or kind in _LABELS or _is_member_in_macro(node):
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
    """Return whether a name is printed as well, or is a key in a macro."""
    parent, following = node.parent, node.next_sibling
    if parent is not None and parent.type == "interpolation":
        return any(it.type == "=" for it in parent.children)
    if parent is not None and parent.type == "token_tree":
        return following is not None and following.type in {":", "=", "=>", "!"}
    return False


def _is_member_in_macro(node: Node) -> bool:
    parent, before = node.parent, node.prev_sibling
    return bool(parent and parent.type == "token_tree" and before and before.type == ".")


def _may_be_member(parsed: ParsedSource, node: Node, scope: Node) -> bool:
    """Return whether a class within a scope may inherit a member of that name."""
    around = node.parent
    while parsed.language.name == "java" and around is not None and around != scope:
        if around.type == "class_body":
            return True
        around = around.parent
    return False
