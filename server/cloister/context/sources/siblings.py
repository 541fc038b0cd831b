"""Files that belong to this one: its tests or what it tests, and what changes together with it."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.query import ContextQuery
from cloister.context.signatures import of_symbols

_TEST_MARKS = re.compile(r"^(tests?_|spec_)|(_tests?|_spec|[.-](test|spec)|Tests?|Spec)$")
_MOST_FILES = 6
_MOST_SYMBOLS = 20
_COUNTERPART_SCORE = 0.0004
_CO_CHANGED_SCORE = 0.0002


def _find(query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    index = workspace.index
    counterparts = set(_counterparts(query.path, index.importers_of(query.path)))
    imported = (path for each in index.imports_of(query.path) for path in each.paths)
    counterparts |= set(_counterparts(query.path, list(imported)))
    co_changed = [path for path, _ in index.co_changed(query.path, _MOST_FILES)]
    counterparts |= set(_counterparts(query.path, co_changed))
    for path in sorted(counterparts):
        symbols = index.symbols_in(path)[:_MOST_SYMBOLS]
        yield from of_symbols(symbols, SOURCE.name, "test counterpart", _COUNTERPART_SCORE)
    for path in co_changed:
        symbols = index.symbols_in(path)[:_MOST_SYMBOLS]
        yield from of_symbols(symbols, SOURCE.name, "often changed together", _CO_CHANGED_SCORE)


def _counterparts(path: str, others: list[str]) -> Iterator[str]:
    """Yield those of the others whose names say that one of the two tests the other."""
    stem = PurePosixPath(path).stem
    subject = _TEST_MARKS.sub("", stem)
    for other in others:
        other_stem = PurePosixPath(other).stem
        if other_stem != stem and _TEST_MARKS.sub("", other_stem) == subject:
            yield other


SOURCE = Source("siblings", _find)
