"""`codeAction/resolve`: an entry was chosen, so its edit is written now."""

from lsprotocol import types

from cloister.protocol import acting
from cloister.protocol.entries import entry_from_json
from cloister.protocol.session import Session


async def handle(session: Session, action: types.CodeAction) -> types.CodeAction:
    """Return the entry with its edit."""
    action.edit = await acting.resolved(session, entry_from_json(action.data))
    return action
