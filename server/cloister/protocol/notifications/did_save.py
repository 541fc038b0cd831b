"""`textDocument/didSave`: the index need not wait for the system to say that a file changed."""

from lsprotocol import types

from cloister.protocol.session import Session
from cloister.workspace.documents import path_from_uri


def handle(session: Session, params: types.DidSaveTextDocumentParams) -> None:
    """Pass it on."""
    workspaces, file = session.services.workspaces, path_from_uri(params.text_document.uri)
    if workspaces is not None and file is not None:
        workspaces.saved(file)
