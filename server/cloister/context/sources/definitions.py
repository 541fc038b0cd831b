"""Definitions of the names that are used near the cursor, by their signatures."""

from collections.abc import Iterator

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.query import ContextQuery
from cloister.context.signatures import signature

_MOST_NAMES = 30
_MOST_PER_NAME = 4
_SCORE = 0.011


def _find(query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    names = [name for name in query.nearness if name not in query.reserved][-_MOST_NAMES:]
    imported = {path for each in workspace.index.imports_of(query.path) for path in each.paths}
    symbols = workspace.index.symbols_named(names, _MOST_PER_NAME)
    n_of_name: dict[str, int] = {}
    for symbol in sorted(symbols, key=lambda each: each.path not in imported):
        rank = n_of_name[symbol.name] = n_of_name.get(symbol.name, 0) + 1
        score = _SCORE * query.nearness.get(symbol.name, 0.1) / rank
        yield signature(symbol, SOURCE.name, f"defines {symbol.name}, used near the cursor", score)


SOURCE = Source("definitions", _find)
