"""What the engine says about one request, as it comes in."""

import asyncio

from cloister.core.errors import BackendUnavailableError, ModelError, ProtocolError
from cloister.engine.messages import (
    ChatLaidOut,
    Counted,
    Done,
    Failed,
    FailureKind,
    Message,
    Ready,
    StatusReport,
)

FINAL_MESSAGES = (Ready, Counted, ChatLaidOut, Done, StatusReport, Failed)
"""What ends an exchange."""

_ERRORS = {
    FailureKind.MODEL: ModelError,
    FailureKind.UNAVAILABLE: BackendUnavailableError,
    FailureKind.PROTOCOL: ProtocolError,
}


class EngineGoneError(Exception):
    """The connection ended while an answer was outstanding."""


class Exchange:
    """What the engine says about one request."""

    def __init__(self) -> None:
        self.ended = False
        self._messages: asyncio.Queue[Message | None] = asyncio.Queue()

    def put(self, message: Message | None) -> None:
        """Add a message; None when there will be no more."""
        self._messages.put_nowait(message)

    async def receive(self) -> Message:
        """Return the next message; `ended` is true after the last one.

        Raises EngineGoneError when the connection ended, and the error that Failed stands for.
        """
        message = await self._messages.get()
        self.ended = isinstance(message, FINAL_MESSAGES)
        if message is None:
            raise EngineGoneError
        if isinstance(message, Failed):
            raise _ERRORS[message.kind](message.message)
        return message
