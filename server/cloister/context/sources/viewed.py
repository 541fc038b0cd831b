"""Lines that were on the screen lately."""

from collections.abc import Iterator

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.excerpts import excerpts, lines_of
from cloister.context.query import ContextQuery

_MOST_VIEWS = 5
_SCORE = 0.004
_FADING = 0.7


def _find(_query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    score = _SCORE
    for view in workspace.activity.views[:_MOST_VIEWS]:
        lines = lines_of(workspace.index.text_of(view.path) or "")
        span = range(view.first_line, view.last_line + 1)
        yield from excerpts(lines, view.path, span, SOURCE.name, "looked at lately", score)
        score *= _FADING


SOURCE = Source("viewed", _find)
