"""Places in planted workspaces: what context sources are asked about."""

import math
from collections.abc import Collection
from pathlib import PurePosixPath

from cloister.context.candidate import Candidate, Workspace
from cloister.context.find import Findings, find_context
from cloister.context.query import ContextQuery, Place, context_query
from cloister.core.text import Span, Text
from cloister.syntax.languages import language_for_path
from cloister.workspace.activity import Activity
from support.indexed import Planted
from support.marked import cursor

WINDOW_CHARS = 200


def place_in(marked: str, path: str = "shop/now.py", window_chars: int = WINDOW_CHARS) -> Place:
    """Return the place at `║`, with a window of so many characters on each side."""
    text, offset = cursor(marked)
    window = Span(max(0, offset - window_chars), min(len(text), offset + window_chars))
    return Place(path, Text(text), offset, window, language_for_path(PurePosixPath(path)))


def asked(marked: str, path: str = "shop/now.py", window_chars: int = WINDOW_CHARS) -> ContextQuery:
    """Return the question at `║`, with all the time that parsing takes."""
    return context_query(place_in(marked, path, window_chars), math.inf)


def found_in(
    planted: Planted,
    query: ContextQuery,
    activity: Activity | None = None,
    disabled: Collection[str] = (),
) -> Findings:
    """Return what all sources find, the place's document standing for its file."""
    planted.index.overlay(query.path, query.place.text.value)
    workspace = Workspace(planted.index, activity or Activity())
    return find_context(query, workspace, math.inf, disabled)


def candidate(text: str, path: str = "b.py", first_line: int = 0, score: float = 0.1) -> Candidate:
    """Return a candidate that shows these lines."""
    last_line = first_line + text.count("\n")
    return Candidate(path, first_line, last_line, text, "test", "because", score)
