"""Which types the expressions near the cursor may have, guessed from what is written.

A guess is a name of a type. It comes from an annotation, from a call that makes the value, from the
class around the cursor, or from a field of such a type.
"""

import re
from collections.abc import Iterable, Iterator

from cloister.context.query import ContextQuery
from cloister.core.outline import SymbolKind
from cloister.workspace.index.read import Index
from cloister.workspace.index.records import IndexedSymbol

_NAME = re.compile(r"[^\W\d]\w*")
_CALLED = re.compile(r"(?:new\s+|await\s+|&)*([\w.:]+?)\s*(?:<[^()]*>)?[({]")
_RECEIVER_AT_CURSOR = re.compile(r"([\w.]+)(?:\.|->|::)\w*\Z")
_SELF = frozenset({"self", "this", "cls", "Self"})
_MOST_RECEIVER_CHARS = 100
_MOST_BASES = 5
_MOST_GUESSES = 2

TYPE_KINDS = frozenset({SymbolKind.CLASS, SymbolKind.INTERFACE, SymbolKind.ENUM, SymbolKind.TYPE})


def receiver_at_cursor(query: ContextQuery) -> str:
    """Return the expression whose member is being written; empty when none is."""
    offset = query.place.offset
    before = query.place.text.value[max(0, offset - _MOST_RECEIVER_CHARS) : offset]
    match = _RECEIVER_AT_CURSOR.search(before)
    return match[1] if match else ""


def types_of(receiver: str, query: ContextQuery, index: Index) -> list[str]:
    """Return the names of types that a receiver such as `self.client` may have."""
    first, *fields = re.split(r"\.|->|::", receiver)
    types = list(_types_of_name(first, query, index))
    for name in fields:
        members = [each for type_ in types for each in index.members_of(type_)]
        found = [each for each in members if each.name == name]
        types = list(dict.fromkeys(type_ for each in found for type_ in _types_of_value(each)))
    return types


def with_bases(types: Iterable[str], index: Index) -> list[IndexedSymbol]:
    """Return the definitions of types and of what they extend, the nearest first."""
    waiting, seen = list(types), set[str]()
    found: list[IndexedSymbol] = []
    while waiting and len(seen) < _MOST_BASES:
        name = waiting.pop(0)
        if name in seen:
            continue
        seen.add(name)
        symbols = [each for each in index.symbols_named([name], 3) if each.kind in TYPE_KINDS]
        found += symbols
        waiting += [last for each in symbols for base in each.bases for last in _NAME.findall(base)]
    return found


def members_of_types(types: Iterable[IndexedSymbol], index: Index) -> list[IndexedSymbol]:
    """Return the members of types, in their order."""
    return [member for each in types for member in index.members_of(_dotted_name(each), each.path)]


def _dotted_name(symbol: IndexedSymbol) -> str:
    return f"{symbol.container}.{symbol.name}" if symbol.container else symbol.name


def _types_of_name(name: str, query: ContextQuery, index: Index) -> Iterator[str]:
    if name in _SELF:
        yield from (each.name for each in reversed(query.enclosing) if each.kind in TYPE_KINDS)
        containers = [each.container for each in reversed(query.enclosing) if each.container]
        yield from (container.rpartition(".")[2] for container in containers)
        return
    for binding in reversed(query.bindings):
        if binding.name == name:
            yield from _NAME.findall(binding.type)
            yield from _types_of_call(binding.value, index)
    for definition in query.outline.definitions:
        if definition.name == name:
            yield from _NAME.findall(definition.type)
            yield from _types_of_call(definition.value, index)
    yield name
    for symbol in index.symbols_named([name], _MOST_GUESSES):
        if symbol.kind not in TYPE_KINDS:
            yield from _types_of_value(symbol)


def _types_of_value(symbol: IndexedSymbol) -> Iterator[str]:
    yield from _NAME.findall(symbol.type)
    if match := _CALLED.match(symbol.value):
        yield match[1].rpartition(".")[2]


def _types_of_call(value: str, index: Index) -> Iterator[str]:
    """Yield the types of `Foo(...)`, and of `make(...)` as far as it declares its result."""
    match = _CALLED.match(value)
    if match is None:
        return
    name = re.split(r"\.|::", match[1])[-1]
    yield name
    for symbol in index.symbols_named([name], _MOST_GUESSES):
        if symbol.kind not in TYPE_KINDS:
            yield from _NAME.findall(symbol.type)
