"""What the document itself defines outside the window."""

from collections.abc import Iterable

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.query import ContextQuery
from cloister.context.signatures import of_symbols

_SCORE = 0.012


def _find(query: ContextQuery, workspace: Workspace) -> Iterable[Candidate]:
    symbols = workspace.index.symbols_in(query.path)
    hidden = [each for each in symbols if not query.shows(query.path, each.first_line)]
    return of_symbols(hidden, SOURCE.name, "elsewhere in this file", _SCORE)


SOURCE = Source("outline", _find)
