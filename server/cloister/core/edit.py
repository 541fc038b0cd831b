"""Changes of a text, as values: what replaces what, and how to take it back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cloister.core.text import Span


@dataclass(frozen=True, slots=True, repr=False)
class TextEdit:
    """Put `text` in place of `span` (code points of the text before all edits)."""

    span: Span
    text: str

    def __repr__(self) -> str:
        # Tracebacks and logs may show this; the text itself stays private.
        return f"TextEdit({self.span.start}..{self.span.end}, {len(self.text)} chars)"


def edited(source: str, edits: Iterable[TextEdit]) -> str:
    """Return `source` after all `edits`, which must not overlap; their order does not matter."""
    pieces: list[str] = []
    end = 0
    for edit in _in_order(edits):
        if edit.span.start < end:
            message = "edits overlap"
            raise ValueError(message)
        pieces += (source[end : edit.span.start], edit.text)
        end = edit.span.end
    return "".join((*pieces, source[end:]))


def inverse(source: str, edits: Iterable[TextEdit]) -> tuple[TextEdit, ...]:
    """Return the edits that turn the edited text back into `source`."""
    undone, grown = [], 0
    for edit in _in_order(edits):
        start = edit.span.start + grown
        old = source[edit.span.start : edit.span.end]
        undone.append(TextEdit(Span(start, start + len(edit.text)), old))
        grown += len(edit.text) - len(old)
    return tuple(undone)


def _in_order(edits: Iterable[TextEdit]) -> Sequence[TextEdit]:
    return sorted(edits, key=lambda edit: (edit.span.start, edit.span.end))
