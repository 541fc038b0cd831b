"""`cloister/didCopy`: somebody copied text, in an editor that was allowed to tell."""

from cloister.protocol.session import Session


def handle(session: Session, params: object) -> None:
    """Pass it on; what does not say that is ignored."""
    workspaces = session.services.workspaces
    match params:
        case {"text": str(text)} if workspaces is not None:
            workspaces.copied(text)
