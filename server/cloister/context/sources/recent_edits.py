"""What was just edited, as it was made: what stood there as a comment, and what stands there now.

Whoever renames a thing goes on renaming it.
"""

from collections.abc import Iterator

from cloister.context.candidate import Candidate, Source, Workspace
from cloister.context.query import ContextQuery

_MOST_EDITS = 8
_MOST_LINES = 12
_SCORE = 0.01
_FADING = 0.8


def _find(query: ContextQuery, workspace: Workspace) -> Iterator[Candidate]:
    mark = query.place.language.line_comment if query.place.language else ""
    score = _SCORE
    for edit in workspace.activity.edits[:_MOST_EDITS]:
        lines = edit.new.split("\n")[:_MOST_LINES]
        last_line = edit.first_line + len(lines) - 1
        if query.shows(edit.path, edit.first_line) or not edit.new.strip():
            continue
        removed = [line for line in edit.old.split("\n")[:_MOST_LINES] if line.strip()]
        was = [f"{mark or '#'} was: {line.strip()}" for line in removed if line not in lines]
        text = "\n".join([*was, *lines])
        yield Candidate(
            edit.path,
            edit.first_line,
            last_line,
            text,
            SOURCE.name,
            "just edited",
            score,
            is_remark=True,
        )
        score *= _FADING


SOURCE = Source("recent_edits", _find)
