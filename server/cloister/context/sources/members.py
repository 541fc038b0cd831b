"""Members of the types that stand before a dot near the cursor, inherited ones included."""

from collections.abc import Iterator

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.query import ContextQuery
from cloister.context.signatures import signature
from cloister.context.types import members_of_types, receiver_at_cursor, types_of, with_bases
from cloister.workspace.index.read import Index
from cloister.workspace.index.records import IndexedSymbol

_MOST_RECEIVERS = 3
_MOST_MEMBERS = 150
_AT_CURSOR = 0.8
_NEAR = 0.14


def _find(query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    index = workspace.index
    at_cursor = receiver_at_cursor(query)
    near = dict.fromkeys(each.receiver for each in query.references if each.receiver)
    receivers = dict.fromkeys([at_cursor, *near] if at_cursor else near)
    for receiver in list(receivers)[:_MOST_RECEIVERS]:
        members = _members(receiver, query, index)[:_MOST_MEMBERS]
        share = (_AT_CURSOR if receiver == at_cursor else _NEAR) / (1 + len(members)) ** 0.8
        for member in members:
            yield signature(member, SOURCE.name, f"a member of {receiver[:40]}", share)


def _members(receiver: str, query: ContextQuery, index: Index) -> list[IndexedSymbol]:
    types = with_bases(types_of(receiver, query, index), index)
    if types:
        return members_of_types(types, index)
    for imported in index.imports_of(query.path):
        called = imported.alias or imported.name or imported.module.rpartition(".")[2]
        if called == receiver and imported.path is not None:
            return [each for each in index.symbols_in(imported.path) if not each.container]
    return []


SOURCE = Source("members", _find)
