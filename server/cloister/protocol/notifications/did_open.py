"""`textDocument/didOpen`: the editor owns this document from now on."""

from lsprotocol import types

from cloister.protocol.session import Session


def handle(session: Session, params: types.DidOpenTextDocumentParams) -> None:
    """Take the whole text, and have the model ready for the first key."""
    item = params.text_document
    session.documents.open(item.uri, item.language_id, item.version, item.text)
    session.observe(None, item.uri)
    session.services.completion.prepare()
    session.turn_to(item.uri)
