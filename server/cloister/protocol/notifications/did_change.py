"""`textDocument/didChange`: the document after an edit."""

import logging

from lsprotocol import types

from cloister.core.text import Text
from cloister.protocol import from_lsp
from cloister.protocol.reviewing import follow
from cloister.protocol.session import Session

logger = logging.getLogger(__name__)


def handle(session: Session, params: types.DidChangeTextDocumentParams) -> None:
    """Apply the changes; edits that cannot be trusted lose the document until its text comes."""
    uri, version = params.text_document.uri, params.text_document.version
    changes, before = params.content_changes, session.documents.get(uri)
    if any(isinstance(change, types.TextDocumentContentChangeWholeDocument) for change in changes):
        # What came before the whole text does not matter.
        text = from_lsp.edited(Text(""), changes, session.encoding)
        applied = session.documents.resync(uri, version, text)
    else:
        applied = session.documents.edit(
            uri, version, lambda text: from_lsp.edited(text, changes, session.encoding)
        )
    if not applied:
        logger.warning("did not apply an edit: version %d", version)
        session.abandon(uri)
    session.observe(before, uri)
    follow(session, before, uri, changes)
