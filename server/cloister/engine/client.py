"""One connection to the engine, shared by any number of requests at the same time.

While an answer is outstanding, silence is met with pings and lasting silence with SIGKILL: an
engine that hangs is worth less than one that starts again. When the connection ends, so does every
exchange on it.
"""

import asyncio
import logging
import os
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from cloister import __version__
from cloister.core.errors import BackendUnavailableError, ModelError, ProtocolError
from cloister.engine.messages import (
    Cancel,
    ClientMessage,
    Counted,
    Done,
    EngineStatus,
    Failed,
    FailureKind,
    GetStatus,
    Hello,
    Message,
    Ping,
    Ready,
    StatusReport,
    Stop,
    Stopping,
    Welcome,
)
from cloister.engine.wire import PROTOCOL_VERSION, encode, read_message

HANG_SECONDS = 10.0
"""How long an engine that owes an answer may be silent before it is killed."""

_SILENT_PINGS = 4
_PING_ID = 0
_PEER_CREDENTIALS = struct.Struct("iII")
_FINAL = (Ready, Counted, Done, StatusReport, Failed)
_ERRORS = {
    FailureKind.MODEL: ModelError,
    FailureKind.UNAVAILABLE: BackendUnavailableError,
    FailureKind.PROTOCOL: ProtocolError,
}

_log = logging.getLogger(__name__)


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
        self.ended = isinstance(message, _FINAL)
        if message is None:
            raise EngineGoneError
        if isinstance(message, Failed):
            raise _ERRORS[message.kind](message.message)
        return message


class EngineClient:
    """A connection that was welcomed; `connect` makes one."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hang_seconds: float
    ) -> None:
        self.is_closed = False
        self.stopped_on_purpose = False
        self._reader = reader
        self._writer = writer
        self._hang_seconds = hang_seconds
        self._ids = count(_PING_ID + 1)
        self._exchanges: dict[int, Exchange] = {}
        self._heard = False
        self._reading: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, path: Path, hang_seconds: float = HANG_SECONDS) -> "EngineClient":
        """Connect to the engine that listens at `path`.

        Raises OSError when nobody listens, EngineGoneError when the engine ends or hangs instead
        of answering, ProtocolError when it speaks another protocol.
        """
        reader, writer = await asyncio.open_unix_connection(path)
        client = cls(reader, writer, hang_seconds)
        try:
            await client._greet()
        except BaseException:
            writer.close()
            raise
        client._reading = asyncio.create_task(client._read())
        return client

    @contextmanager
    def ask(self, make_request: Callable[[int], ClientMessage]) -> Iterator[Exchange]:
        """Send the request made for a new id; leaving the block early cancels it.

        Raises EngineGoneError when the connection has ended.
        """
        if self.is_closed:
            raise EngineGoneError
        request_id, exchange = next(self._ids), Exchange()
        self._write(make_request(request_id))
        self._exchanges[request_id] = exchange
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch())
        try:
            yield exchange
        finally:
            if self._exchanges.pop(request_id, None) is not None:
                self._write(Cancel(request_id))

    async def status(self) -> EngineStatus:
        """Return the engine's status."""
        with self.ask(GetStatus) as exchange:
            message = await exchange.receive()
        if not isinstance(message, StatusReport):
            raise ProtocolError("The engine did not answer with its status.")
        return message.status

    async def stop_engine(self) -> None:
        """End the engine for everybody and return when it has let go; kill it if it hangs."""
        self._write(Stop())
        try:
            async with asyncio.timeout(self._hang_seconds):
                await asyncio.gather(*self._running())
        except TimeoutError:
            self.kill()

    def kill(self) -> None:
        """Kill the engine's process, which is the one at the other end of the socket."""
        pid = _peer_pid(self._writer)
        _log.warning("the engine (pid %d) hangs and is killed", pid)
        if pid > 0:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._writer.transport.abort()

    async def close(self) -> None:
        """Disconnect; the engine lives on."""
        self._writer.close()
        for task in self._running():
            task.cancel()
        await asyncio.gather(*self._running(), return_exceptions=True)

    def _running(self) -> "list[asyncio.Task[None]]":
        return [task for task in (self._reading, self._watching) if task is not None]

    def _write(self, message: Message) -> None:
        frame = encode(message)
        if not self._writer.is_closing():
            self._writer.write(frame)

    async def _greet(self) -> None:
        self._write(Hello(PROTOCOL_VERSION, __version__))
        try:
            async with asyncio.timeout(self._hang_seconds):
                message = await read_message(self._reader)
        except TimeoutError as error:
            self.kill()
            raise EngineGoneError from error
        if message is None:
            raise EngineGoneError
        if isinstance(message, Failed):
            raise ProtocolError(message.message)
        if not isinstance(message, Welcome):
            raise ProtocolError("The engine did not begin with a welcome.")

    async def _read(self) -> None:
        try:
            while (message := await read_message(self._reader)) is not None:
                self._heard = True
                self._receive(message)
        except ProtocolError as error:
            _log.warning("the engine is disconnected: %s", error)
        finally:
            self.is_closed = True
            self._writer.close()
            self._put_to_all(None)

    def _receive(self, message: Message) -> None:
        if isinstance(message, Stopping):
            self.stopped_on_purpose = True
        if isinstance(message, Failed) and message.id is None:
            self._put_to_all(message)
        request_id: int | None = getattr(message, "id", None)
        if request_id is None:
            return
        exchange = self._exchanges.get(request_id)
        # Late messages of a cancelled request find nobody.
        if exchange is not None:
            exchange.put(message)
            if isinstance(message, _FINAL):
                del self._exchanges[request_id]

    def _put_to_all(self, message: Message | None) -> None:
        exchanges, self._exchanges = self._exchanges, {}
        for exchange in exchanges.values():
            exchange.put(message)

    async def _watch(self) -> None:
        """Kill the engine when it owes an answer and stays silent."""
        silent_pings = 0
        while self._exchanges and silent_pings < _SILENT_PINGS:
            self._heard = False
            await asyncio.sleep(self._hang_seconds / _SILENT_PINGS)
            silent_pings = 0 if self._heard else silent_pings + 1
            self._write(Ping(_PING_ID))
        if self._exchanges:
            self.kill()


def _peer_pid(writer: asyncio.StreamWriter) -> int:
    """Return the pid of the process that listens on the socket; 0 when the system cannot say."""
    peer = writer.get_extra_info("socket")
    if peer is None or not hasattr(socket, "SO_PEERCRED"):
        return 0
    credentials = peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER_CREDENTIALS.size)
    pid, _user, _group = _PEER_CREDENTIALS.unpack(credentials)
    return int(pid)
