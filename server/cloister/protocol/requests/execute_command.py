"""`workspace/executeCommand`: a suggestion was accepted, or somebody asks how we are."""

from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from cloister.protocol.capabilities import STATUS_COMMAND
from cloister.protocol.session import Session
from cloister.protocol.to_lsp import ACCEPTED_COMMAND


def handle(session: Session, params: types.ExecuteCommandParams) -> dict[str, Any] | None:
    """Run one of our commands."""
    match params.command, list(params.arguments or ()):
        case command, [str(suggestion_id)] if command == ACCEPTED_COMMAND:
            session.services.accepted(suggestion_id)
            return None
        case command, [] if command == STATUS_COMMAND:
            return session.services.status()
        case _:
            raise JsonRpcInvalidParams("This server has no such command with such arguments.")
