"""What the model will be told, before any prompt format is chosen."""

from dataclasses import dataclass

from cloister.core.text import Span


@dataclass(frozen=True, slots=True)
class Snippet:
    """Text of another place and where it came from; no snippet exists without provenance."""

    path: str
    span: Span
    text: str
    source: str


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
