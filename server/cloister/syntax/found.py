"""What the matches of `definitions.scm` say, gathered by name and put into each other.

Several patterns may speak of one name: the largest node is the definition, and every pattern may
add bases, a type and so on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from tree_sitter import Node

from cloister.core.outline import SymbolKind
from cloister.syntax.queries import Captures
from cloister.syntax.tree import ParsedSource

MOST_DEFINITIONS = 20_000
MOST_NAME_CHARS = 200
MOST_DEPTH = 64

_KINDS: dict[str, SymbolKind | None] = {
    **{f"definition.{kind}": kind for kind in SymbolKind},
    "extension": None,
}
_CODE = (SymbolKind.FUNCTION, SymbolKind.METHOD)
_VALUES = (SymbolKind.CONSTANT, SymbolKind.VARIABLE)
_NOT_LOOKED_INTO = _CODE + _VALUES
_TYPES = (SymbolKind.CLASS, SymbolKind.ENUM, SymbolKind.INTERFACE, SymbolKind.TYPE, None)
_MEMBERS = {SymbolKind.FUNCTION: SymbolKind.METHOD, SymbolKind.VARIABLE: SymbolKind.FIELD}
_SEPARATOR = re.compile(r"::|\\|/|->|#|\s+")
_NOT_OF_A_NAME = re.compile(r"^[*&\s]+|[<\[(].*$", re.DOTALL)


@dataclass(slots=True)
class FoundDefinition:
    """What is known of one name; `kind` is None for an extension, and extents are bytes.

    `path` holds the dotted names from the top of the file, the last of them its own.
    """

    name: Node
    path: tuple[str, ...] = ()
    start: int = 0
    end: int = -1
    pattern: int = 0
    kind: SymbolKind | None = None
    body: Node | None = None
    type: Node | None = None
    value: Node | None = None
    container: Node | None = None
    bases: list[Node] = field(default_factory=list)


def found_definitions(found: Iterable[tuple[int, Captures]]) -> list[FoundDefinition]:
    """Return the definitions and extensions among the matches, in the order of the text."""
    by_name: dict[int, FoundDefinition] = {}
    for pattern, captures in found:
        if "name" in captures and "import" not in captures:
            name = captures["name"][0]
            known = by_name.setdefault(name.start_byte, FoundDefinition(name))
            _take(known, pattern, captures)
    # Of equal nodes the one with a body comes last, so that it is what holds the members.
    ordered = sorted(by_name.values(), key=lambda each: (each.start, -each.end, bool(each.body)))
    return [each for each in ordered if each.end >= 0][:MOST_DEFINITIONS]


def placed(parsed: ParsedSource, ordered: Iterable[FoundDefinition]) -> list[FoundDefinition]:
    """Return those of them that are not local variables, with kind and path as nesting says."""
    result: list[FoundDefinition] = []
    around: list[FoundDefinition] = []
    for each in ordered:
        while around and (around[-1].end <= each.start or _share_extent(around[-1], each)):
            around.pop()
        if _place(parsed, each, around):
            result.append(each)
            around.append(each)
    return result


def _take(known: FoundDefinition, pattern: int, captures: Captures) -> None:
    for capture, nodes in captures.items():
        if capture in _KINDS:
            _take_extent(known, pattern, _KINDS[capture], nodes)
        elif capture == "base":
            known.bases += nodes
        elif capture == "body":
            known.body = known.body or nodes[0]
        elif capture == "type":
            known.type = known.type or nodes[0]
        elif capture == "value":
            known.value = known.value or nodes[0]
        elif capture == "container":
            known.container = known.container or nodes[0]


def _take_extent(
    known: FoundDefinition, pattern: int, kind: SymbolKind | None, nodes: list[Node]
) -> None:
    start, end = nodes[0].start_byte, nodes[-1].end_byte
    larger = (end - start) - (known.end - known.start)
    if larger > 0 or (larger == 0 and pattern < known.pattern):
        known.start, known.end, known.pattern, known.kind = start, end, pattern, kind


def _place(parsed: ParsedSource, each: FoundDefinition, around: list[FoundDefinition]) -> bool:
    name = _name(parsed, each)
    outer = around[-1] if around else None
    if not name or len(around) >= MOST_DEPTH:
        return False
    if outer and each.kind in _VALUES and outer.kind in _NOT_LOOKED_INTO:
        return False
    if outer and each.kind and outer.kind in _TYPES:
        each.kind = _MEMBERS.get(each.kind, each.kind)
    before = outer.path if outer else ()
    if each.kind is SymbolKind.FIELD and outer:
        owner = next((one for one in reversed(around) if one.kind not in _CODE), None)
        before = owner.path if owner else ()
        if not owner and each.container is None:
            # Outside of its type a method says itself what it is a member of.
            before = around[0].path[:-1]
            if not before:
                return False
    each.path = (*before, *_container(parsed, each), name)
    return True


def _container(parsed: ParsedSource, each: FoundDefinition) -> tuple[str, ...]:
    if each.container is None:
        return ()
    return tuple(filter(None, _type_name(parsed.text(each.container)).split(".")))


def _name(parsed: ParsedSource, found: FoundDefinition) -> str:
    text = parsed.text(found.name, MOST_NAME_CHARS).strip()
    # Symbols name things as well: `attr_reader :size` in Ruby.
    return _type_name(text) if found.kind is None else text.removeprefix(":")


def _type_name(text: str) -> str:
    plain = _NOT_OF_A_NAME.sub("", text[:MOST_NAME_CHARS])
    return _SEPARATOR.sub(".", plain.strip()).strip(".")


def _share_extent(one: FoundDefinition, other: FoundDefinition) -> bool:
    return one.start == other.start and one.end == other.end
