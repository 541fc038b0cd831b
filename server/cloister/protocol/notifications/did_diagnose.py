"""`cloister/didDiagnose`: what other tools of the editor say about a file."""

from collections.abc import Iterator, Sequence

from cloister.protocol.session import Session
from cloister.workspace.activity import Diagnostic
from cloister.workspace.documents import path_from_uri

_MOST_MESSAGE_CHARS = 500


def handle(session: Session, params: object) -> None:
    """Pass it on; what does not say that is ignored."""
    workspaces = session.services.workspaces
    match params:
        case {"uri": str(uri), "diagnostics": [*listed]}:
            file = path_from_uri(uri)
            if workspaces is not None and file is not None:
                workspaces.diagnosed(file, _diagnostics(listed))


def _diagnostics(listed: Sequence[object]) -> Iterator[Diagnostic]:
    for each in listed:
        match each:
            case {"firstLine": int(first), "lastLine": int(last), "message": str(message)}:
                yield Diagnostic(first, last, message[:_MOST_MESSAGE_CHARS])
