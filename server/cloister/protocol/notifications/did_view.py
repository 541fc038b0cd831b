"""`cloister/didView`: lines of a file are on the screen."""

from cloister.protocol.session import Session
from cloister.workspace.documents import path_from_uri


def handle(session: Session, params: object) -> None:
    """Pass it on; what does not say that is ignored."""
    workspaces = session.services.workspaces
    match params:
        case {"uri": str(uri), "firstLine": int(first), "lastLine": int(last)}:
            file = path_from_uri(uri)
            if workspaces is not None and file is not None and 0 <= first <= last:
                workspaces.viewed(file, first, last)
            session.turn_to(uri)
