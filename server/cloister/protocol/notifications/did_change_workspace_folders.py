"""`workspace/didChangeWorkspaceFolders`: folders came and went."""

from lsprotocol import types

from cloister.protocol.session import Session


def handle(session: Session, params: types.DidChangeWorkspaceFoldersParams) -> None:
    """Keep the folders up to date."""
    session.folders.remove(folder.uri for folder in params.event.removed)
    session.folders.add(folder.uri for folder in params.event.added)
