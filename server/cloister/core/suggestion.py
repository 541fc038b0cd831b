"""What the editor is offered."""

from dataclasses import dataclass

from cloister.core.text import Span


@dataclass(frozen=True, slots=True)
class Suggestion:
    r"""Replace `span` of the document (on one line, around the cursor) by `text`.

    `text` begins with exactly the replaced text before the cursor, holds `\n` line ends only and
    never ends with a newline: the one shape that every editor shows correctly. `source` names a
    service that wrote it; empty is the model here.
    """

    id: str
    text: str
    span: Span
    source: str = ""
