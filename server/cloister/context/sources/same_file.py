"""The document itself outside the window: its imports, and what resembles the cursor's place."""

from collections.abc import Iterator

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.excerpts import excerpts
from cloister.context.names import names_of_line
from cloister.context.query import ContextQuery

_BLOCK_LINES = 4
_MOST_BLOCKS = 60
_SCORE = 0.008
_IMPORT_SCORE = 0.04


def _find(query: ContextQuery, _workspace: Workspace) -> Iterator[Candidate]:
    text = query.place.text
    lines = [text.line(line) for line in range(text.line_count)]
    path, name = query.path, SOURCE.name
    for imported in query.outline.imports:
        span = range(text.line_of(imported.span.start), text.line_of(imported.span.end) + 1)
        yield from excerpts(lines, path, span, name, "imported in this file", _IMPORT_SCORE)
    starts = range(0, len(lines), _BLOCK_LINES)
    blocks = sorted(starts, key=lambda start: (-_kinship(query, lines, start), start))
    for start in blocks[:_MOST_BLOCKS]:
        span = range(start, start + _BLOCK_LINES)
        yield from excerpts(lines, path, span, name, "elsewhere in this file", _SCORE)


def _kinship(query: ContextQuery, lines: list[str], start: int) -> float:
    """Return how much the lines share with the cursor's surroundings; nothing where shown."""
    if query.shows(query.path, start):
        return 0.0
    names = {name for line in lines[start : start + _BLOCK_LINES] for name in names_of_line(line)}
    return sum(query.nearness.get(name, 0.0) for name in names)


SOURCE = Source("same_file", _find)
