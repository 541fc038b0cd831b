"""Where the definition around the cursor is used, in other files."""

import re
from collections.abc import Iterator
from itertools import islice

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.excerpts import excerpts, lines_of
from cloister.context.query import ContextQuery

_MOST_FILES = 5
_MOST_USES = 3
# A name that is used everywhere is the name of many things, and finding its files takes long.
_MOST_CHUNKS = 60
_LINES_AROUND = 1
_SCORE = 0.0009


def _find(query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    around = query.enclosing[-2:]
    frequencies = workspace.index.document_frequency(each.name for each in around)
    for definition in reversed(around):
        if frequencies[definition.name] > _MOST_CHUNKS:
            continue
        used = re.compile(rf"\b{re.escape(definition.name)}\b")
        for path in workspace.index.files_using(definition.name, _MOST_FILES):
            text = workspace.index.text_of(path) if path != query.path else None
            if text is None:
                continue
            lines = lines_of(text)
            for use in islice(used.finditer(text), _MOST_USES):
                line = text.count("\n", 0, use.start())
                span = range(line - _LINES_AROUND, line + _LINES_AROUND + 1)
                reason = f"uses {definition.name}"
                yield from excerpts(lines, path, span, SOURCE.name, reason, _SCORE)


SOURCE = Source("callers", _find)
