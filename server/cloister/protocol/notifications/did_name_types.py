"""`cloister/didNameTypes`: types that matter at the cursor, from another language server."""

from collections.abc import Iterator, Sequence

from cloister.protocol.session import Session
from cloister.workspace.documents import path_from_uri

_MOST_NAME_CHARS = 200


def handle(session: Session, params: object) -> None:
    """Pass it on; what does not say that is ignored."""
    workspaces = session.services.workspaces
    match params:
        case {"uri": str(uri), "names": [*listed]}:
            file = path_from_uri(uri)
            if workspaces is not None and file is not None:
                workspaces.named_types(file, _names(listed))


def _names(listed: Sequence[object]) -> Iterator[str]:
    return (each for each in listed if isinstance(each, str) and len(each) <= _MOST_NAME_CHARS)
