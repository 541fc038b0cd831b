"""What changed since the last commit: one change often needs another."""

from collections.abc import Iterator

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.excerpts import excerpts, lines_of
from cloister.context.query import ContextQuery

_SCORE = 0.005


def _find(_query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    for path, spans in workspace.changed_lines.items():
        lines = lines_of(workspace.index.text_of(path) or "")
        for span in spans:
            yield from excerpts(lines, path, span, SOURCE.name, "changed since HEAD", _SCORE)


SOURCE = Source("git_diff", _find)
