"""Which problems of a document are known, whoever says so.

With a request a client sends those that it thinks to be of interest: often only our own, or those
at the cursor. What a review found and what the editor told of other servers is known as well.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lsprotocol import types

from cloister.core.document import DocumentSnapshot
from cloister.core.text import Span
from cloister.protocol import from_lsp
from cloister.protocol.entries import message_of
from cloister.protocol.reviewing import diagnostics_of

if TYPE_CHECKING:
    from cloister.protocol.session import Session

_MOST_DIAGNOSTICS = 100
_MOST_SAME_CHARS = 500
_LINE_END = 2**31 - 1


def known_diagnostics(
    session: "Session",
    document: DocumentSnapshot,
    place: types.Range,
    sent: Iterable[types.Diagnostic],
) -> tuple[types.Diagnostic, ...]:
    """Return what is said of a document, each problem once and in order; of very many the first.

    About the whole of it the client knows best.
    """
    found = [*sent, *diagnostics_of(session, document)]
    if from_lsp.span(document.text, place, session.encoding) != Span(0, len(document.text)):
        found += _told(session, document)
    n_lines = document.text.line_count
    different = {
        (it.range.start.line, _start(message_of(it))): it
        for it in reversed(found)
        if it.range.start.line < n_lines
    }
    return tuple(different[key] for key in sorted(different))[:_MOST_DIAGNOSTICS]


def touching(
    diagnostics: Iterable[types.Diagnostic], place: types.Range
) -> tuple[types.Diagnostic, ...]:
    """Return those that touch the lines of a place."""
    first, last = place.start.line, place.end.line
    return tuple(
        it for it in diagnostics if it.range.start.line <= last and first <= it.range.end.line
    )


def _told(session: "Session", document: DocumentSnapshot) -> Iterator[types.Diagnostic]:
    workspaces = session.services.workspaces
    if workspaces is None or document.path is None:
        return
    n_lines = document.text.line_count
    for it in workspaces.diagnostics_of(document.path):
        if 0 <= it.first_line <= it.last_line < n_lines:
            start, end = types.Position(it.first_line, 0), types.Position(it.last_line, _LINE_END)
            yield types.Diagnostic(types.Range(start, end), it.message)


def _start(message: str) -> str:
    """Return what is compared: what the editor tells is cut."""
    return message[:_MOST_SAME_CHARS]
