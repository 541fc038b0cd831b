"""`textDocument/didClose`: the document is the disk's again."""

from lsprotocol import types

from cloister.protocol.reviewing import clear
from cloister.protocol.session import Session


def handle(session: Session, params: types.DidCloseTextDocumentParams) -> None:
    """Forget the document and the work on it."""
    session.documents.close(params.text_document.uri)
    session.abandon(params.text_document.uri)
    clear(session, params.text_document.uri)
    if session.services.workspaces is not None:
        session.services.workspaces.closed(params.text_document.uri)
