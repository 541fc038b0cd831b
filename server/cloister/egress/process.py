"""The life of the egress process: requests come in as frames, answers go back as they come.

It ends when its owner does, whatever is on its way then.
"""

import asyncio
import logging
import os
import socket
from functools import partial

from cloister.core.errors import BackendUnavailableError, ProtocolError
from cloister.egress.messages import (
    CODEC,
    Cancel,
    EgressMessage,
    Failed,
    FailureKind,
    Ready,
    Send,
)
from cloister.egress.sending import Sender

_LAST_WORDS_SECONDS = 2.0
_log = logging.getLogger(__name__)


def take_connection() -> socket.socket:
    """Return the connection to the owner, which came as standard input and output.

    Nothing that a library prints can get into it from here on. Raises BackendUnavailableError when
    somebody else started us.
    """
    try:
        connection = socket.socket(fileno=os.dup(0))
    except OSError as error:
        raise BackendUnavailableError(
            "This is started by editors and by other commands; see `cloister backend`."
        ) from error
    with open(os.devnull, "r+b") as nowhere:  # noqa: PTH123  # a descriptor, not a path
        os.dup2(nowhere.fileno(), 0)
        os.dup2(2, 1)
    return connection


async def serve(connection: socket.socket, ready: Ready, sender: Sender) -> None:
    """Serve the owner until it is gone."""
    reader, writer = await asyncio.open_unix_connection(sock=connection)
    owner = _Owner(writer)
    await owner.tell(ready)
    requests: dict[int, asyncio.Task[None]] = {}
    try:
        while (message := await CODEC.read(reader)) is not None:
            if isinstance(message, Send):
                if message.id in requests:
                    raise ProtocolError("The id of a request is in use.")  # noqa: TRY301  # as damage
                requests[message.id] = asyncio.create_task(_send(sender, message, owner))
                requests[message.id].add_done_callback(partial(_forget, requests, message.id))
            elif isinstance(message, Cancel) and message.id in requests:
                requests[message.id].cancel()
    except ProtocolError as error:
        _log.error("%s", error)
    finally:
        await _end(list(requests.values()))


class _Owner:
    """The other end of the connection; one message at a time."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer

    async def tell(self, message: EgressMessage) -> None:
        """Send a message and wait until there is room for the next."""
        self._writer.write(CODEC.encode(message))
        await self._writer.drain()


def _forget(requests: dict[int, asyncio.Task[None]], id_: int, _task: object) -> None:
    del requests[id_]


async def _send(sender: Sender, message: Send, owner: _Owner) -> None:
    try:
        await sender.send(message.id, message.request, owner.tell)
    except ConnectionError:
        # The owner is gone, and so is who waited.
        return
    except Exception as error:  # noqa: BLE001  # one request must not end all others
        # Whatever it is, its message may hold text; the type says enough.
        _log.error("a request failed: %s", type(error).__name__)
        sentence = "The request failed in an unforeseen way; cloister's log names the error."
        await owner.tell(Failed(message.id, FailureKind.BROKEN, sentence))


async def _end(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=_LAST_WORDS_SECONDS)
