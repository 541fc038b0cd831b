"""What was copied last, where the editor tells: it is often about to be used."""

from collections.abc import Iterator

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.query import ContextQuery

_MOST_LINES = 20
_SCORE = 0.015


def _find(query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    lines = workspace.activity.clipboard.strip("\n").split("\n")[:_MOST_LINES]
    if any(query.is_hidden(word) for line in lines for word in line.split()):
        last = len(lines) - 1
        text = "\n".join(lines)
        yield Candidate("clipboard", 0, last, text, SOURCE.name, "copied", _SCORE, is_remark=True)


SOURCE = Source("clipboard", _find)
