"""Definitions of what other tools complain about near the cursor."""

from collections.abc import Iterator

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.names import names_of_line
from cloister.context.query import ContextQuery
from cloister.context.signatures import signature

_LINES_AROUND = 10
_MOST_NAMES = 20
_MOST_PER_NAME = 2
_SCORE = 0.02


def _find(query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    line = query.place.text.line_of(query.place.offset)
    near = [
        each
        for each in workspace.activity.diagnostics.get(query.path, ())
        if each.first_line - _LINES_AROUND <= line <= each.last_line + _LINES_AROUND
    ]
    names = sorted({name for each in near for name in names_of_line(each.message)})[:_MOST_NAMES]
    for symbol in workspace.index.symbols_named(names, _MOST_PER_NAME):
        yield signature(symbol, SOURCE.name, "named in a message near the cursor", _SCORE)


SOURCE = Source("diagnostics", _find)
