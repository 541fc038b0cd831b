"""Where an import is being written: how other files import, and what they are called."""

import re
from collections.abc import Iterator

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.excerpts import excerpts, lines_of
from cloister.context.names import names_of_line
from cloister.context.query import ContextQuery

_MOST_CHUNKS = 12
_LINES_OF_IMPORTS = 40
_SCORE = 0.027
# How imports begin in all languages. A parser does not know one that is being written.
_IMPORT = re.compile(r"\s*(?:pub )?(?:from|import|use|using|require|export .* from|#\s*include)\b")


def _find(query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    line = query.place.text.line_of(query.place.offset)
    near = _import_lines(query, line)
    if not near:
        return
    terms = {name: 1.0 for content in near for name in names_of_line(content)}
    for rank, hit in enumerate(workspace.index.similar(terms, _MOST_CHUNKS), start=1):
        lines = lines_of(workspace.index.text_of(hit.path) or "")
        span = range(hit.first_line, min(hit.last_line + 1, _LINES_OF_IMPORTS))
        score = _SCORE / rank**0.5
        yield from excerpts(lines, hit.path, span, SOURCE.name, "imports there", score)


def _import_lines(query: ContextQuery, line: int) -> list[str]:
    """Return the cursor's line and the two before it where they begin like imports."""
    text = query.place.text
    near = [text.line(each) for each in range(max(0, line - 2), line + 1)]
    return [content for content in near if _IMPORT.match(content)]


SOURCE = Source("imports", _find)
