"""`textDocument/codeAction`: the menu, asked for at every move of the cursor."""

from lsprotocol import types

from cloister.protocol import acting
from cloister.protocol.session import Session


async def handle(session: Session, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Return what can be done here; no model is asked."""
    return await acting.menu(session, params.text_document.uri, params.range, params.context)
