"""`workspace/executeCommand`: a suggestion was accepted, or somebody asks what we do."""

from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from cloister.core.errors import CloisterError
from cloister.protocol import acting
from cloister.protocol.acting import ACT_COMMAND
from cloister.protocol.capabilities import SHOW_CONTEXT_COMMAND, STATUS_COMMAND
from cloister.protocol.committing import COMMIT_MESSAGE_COMMAND, commit_message
from cloister.protocol.entries import entry_from_json
from cloister.protocol.reviewing import CLEAR_REVIEW_COMMAND, clear
from cloister.protocol.session import Session
from cloister.protocol.to_lsp import ACCEPTED_COMMAND


async def handle(session: Session, params: types.ExecuteCommandParams) -> dict[str, Any] | None:
    """Run one of our commands."""
    match params.command, list(params.arguments or ()):
        case command, [str(suggestion_id)] if command == ACCEPTED_COMMAND:
            session.services.accepted(suggestion_id)
            return None
        case command, [] if command == STATUS_COMMAND:
            return session.services.status()
        case command, [
            {"uri": str(uri), "position": {"line": int(line), "character": int(unit)}}
        ] if command == SHOW_CONTEXT_COMMAND:
            return await _context_at(session, uri, types.Position(line, unit))
        case command, [entry] if command == ACT_COMMAND:
            await acting.act(session, entry_from_json(entry), params.work_done_token)
            return None
        case command, [str(uri)] if command == COMMIT_MESSAGE_COMMAND:
            return await commit_message(session, uri, params.work_done_token)
        case command, [str(uri)] if command == CLEAR_REVIEW_COMMAND:
            clear(session, uri)
            return None
        case _:
            raise JsonRpcInvalidParams("This server has no such command with such arguments.")


async def _context_at(
    session: Session, uri: str, position: types.Position
) -> dict[str, Any] | None:
    """Return what the model sees at a place; None when the document is not open."""
    try:
        return await session.tell(uri, position)
    except CloisterError as error:
        raise JsonRpcInvalidParams(str(error)) from error
