"""What the model will be told, before any prompt format is chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from cloister.core.text import Span


@dataclass(frozen=True, slots=True)
class Snippet:
    """Text of another place and where it came from; no snippet exists without provenance.

    `path` is relative to the workspace folder, lines count from 0 and the last one is included.
    `source` names what found it, `reason` says why in a few words, and `score` is the estimated
    probability that a name of it is wanted next. `tokens` is what it takes of the prompt.
    """

    path: str
    first_line: int
    last_line: int
    text: str
    source: str
    reason: str = ""
    score: float = 0.0
    tokens: int = 0


@dataclass(frozen=True, slots=True)
class CompletionContext:
    """The window around the cursor and the snippets shown before it.

    `path` is relative to the workspace folder with forward slashes (a bare name without one).
    `window` is the span of `prefix + suffix` in the document; the cursor stands between them.
    """

    path: str
    prefix: str
    suffix: str
    window: Span
    snippets: tuple[Snippet, ...] = ()


def files_of(snippets: Iterable[Snippet]) -> list[tuple[str, str]]:
    """Return path and text of each file shown; neighbouring snippets of one file are joined."""
    groups = groupby(snippets, key=lambda snippet: snippet.path)
    return [(path, "".join(snippet.text for snippet in group)) for path, group in groups]
