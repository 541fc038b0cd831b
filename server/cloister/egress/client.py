"""How the rest of cloister speaks to its egress process: one request, one stream of bytes.

A link is made before its owner locks itself, and once killed it stays dead: nobody can start
another one behind the lock.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from cloister.core.cancel import CancelToken, unless_stopped
from cloister.core.errors import ProtocolError
from cloister.egress.errors import EgressFailedError, EgressRefusedError
from cloister.egress.messages import (
    CODEC,
    AnswerMessage,
    Cancel,
    ClientMessage,
    Done,
    EgressRequest,
    Failed,
    FailureKind,
    Ready,
    Received,
    Refused,
    Send,
    Started,
)

if TYPE_CHECKING:
    from subprocess import Popen

Inbox = asyncio.Queue[AnswerMessage | None]


class EgressLink:
    """The egress process of this process; belongs to one event loop from its first exchange on."""

    def __init__(self, process: "Popen[bytes]", connection: socket.socket) -> None:
        """Speak to `process` over the other end of what is its standard input and output."""
        self.ready: Ready | None = None
        self._process = process
        self._socket = connection
        self._ids = count(1)
        self._inboxes: dict[int, Inbox] = {}
        self._connecting = asyncio.Lock()
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the process is there; once false it stays false."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process at once, and with it everything that is on its way; for good."""
        self._process.kill()
        self._process.wait()
        if self._writer is None:
            self._socket.close()
        else:
            self._writer.close()

    @asynccontextmanager
    async def exchange(
        self, request: EgressRequest, cancel: CancelToken
    ) -> AsyncIterator["Answer"]:
        """Send a request and hand out its answer; leaving early cancels what is on its way.

        An answer may be an error of the server: see its status. Raises EgressRefusedError,
        EgressFailedError, and StoppedError when `cancel` stops.
        """
        request_id = next(self._ids)
        inbox = self._inboxes[request_id] = Inbox()
        exchange = _Exchange(inbox, cancel)
        try:
            await self._write(Send(request_id, request))
            started = await exchange.receive()
            if not isinstance(started, Started):
                raise ProtocolError("The egress process answers in the wrong order.")
            yield Answer(started.status, started.headers, exchange.chunks())
        finally:
            del self._inboxes[request_id]
            if not exchange.ended:
                with suppress(EgressFailedError):
                    await self._write(Cancel(request_id))

    async def _write(self, message: ClientMessage) -> None:
        try:
            writer = await self._connected()
            writer.write(CODEC.encode(message))
            await writer.drain()
        except OSError as error:
            raise _gone() from error
        if self._reading is None or self._reading.done():
            raise _gone()

    async def _connected(self) -> asyncio.StreamWriter:
        async with self._connecting:
            if not self.running:
                raise _gone()
            if self._writer is None:
                reader, self._writer = await asyncio.open_unix_connection(sock=self._socket)
                self._reading = asyncio.ensure_future(self._read(reader))
        return self._writer

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while (message := await CODEC.read(reader)) is not None:
                self._deliver(message)
        except ProtocolError:
            # Whoever speaks like that is not to be trusted with the next request.
            self._process.kill()
        finally:
            # Whatever ended the stream, nobody may wait for more of it.
            for inbox in self._inboxes.values():
                inbox.put_nowait(None)

    def _deliver(self, message: object) -> None:
        if isinstance(message, Ready):
            self.ready = message
        elif isinstance(message, AnswerMessage) and message.id in self._inboxes:
            self._inboxes[message.id].put_nowait(message)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answers: its status, a few of its headers, and the body as it comes in."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterator[bytes]


class _Exchange:
    """What comes in for one request."""

    def __init__(self, inbox: Inbox, cancel: CancelToken) -> None:
        self.ended = False
        self._inbox = inbox
        self._cancel = cancel

    async def receive(self) -> Started | Received | Done:
        """Return the next message; raises what Refused and Failed stand for."""
        message = await unless_stopped(self._inbox.get(), self._cancel)
        match message:
            case Started() | Received():
                return message
            case Refused():
                self.ended = True
                raise EgressRefusedError(message.kind, message.message)
            case Failed():
                self.ended = True
                raise EgressFailedError(message.kind, message.message)
            case Done():
                self.ended = True
                return message
        self.ended = True
        raise _gone()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body's bytes until its end."""
        while isinstance(message := await self.receive(), Received):
            yield message.data


def _gone() -> EgressFailedError:
    return EgressFailedError(
        FailureKind.BROKEN, "The process that speaks to other services is gone; restart the editor."
    )
