"""One connection to the engine, shared by any number of requests at the same time.

While an answer is outstanding, silence is met with pings and lasting silence with SIGKILL: an
engine that hangs is worth less than one that starts again. When the connection ends, so does every
exchange on it.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from cloister import __version__
from cloister.core.errors import ProtocolError
from cloister.engine.exchange import FINAL_MESSAGES, EngineGoneError, Exchange
from cloister.engine.messages import (
    Cancel,
    ClientMessage,
    Failed,
    Generate,
    GetStatus,
    Hello,
    Message,
    Ping,
    Retire,
    StatusReport,
    Stop,
    Stopping,
    Welcome,
)
from cloister.engine.peer import peer_of, require_same_user
from cloister.engine.status import EngineStatus
from cloister.engine.surroundings import CLIENT_DOCUMENTS, KnownSurroundings
from cloister.engine.wire import PROTOCOL_VERSION, encode, read_message

HANG_SECONDS = 10.0
"""How long an engine that owes an answer may be silent before it is killed."""

_SILENT_PINGS = 4
_PING_ID = 0
_RETIRE_SECONDS = 1.0
_log = logging.getLogger(__name__)


class EngineClient:
    """A connection that was welcomed; `connect` makes one."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hang_seconds: float
    ) -> None:
        self.stopped_on_purpose = False
        self.engine_version = ""
        self.engine_isolation = ("", "")
        self._reader = reader
        self._writer = writer
        self._hang_seconds = hang_seconds
        self._ids = count(_PING_ID + 1)
        self._exchanges: dict[int, Exchange] = {}
        self._surroundings = KnownSurroundings(CLIENT_DOCUMENTS)
        self._heard = False
        self._has_ended = False
        self._has_died_in_debt = False
        self._reading: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    @classmethod
    async def connect(cls, path: Path, hang_seconds: float = HANG_SECONDS) -> "EngineClient":
        """Connect to the engine that listens at `path`.

        Raises OSError when nobody listens, EngineGoneError when the engine ends or hangs instead
        of answering, ProtocolError when it speaks another protocol, BackendUnavailableError when
        somebody else's process listens.
        """
        reader, writer = await asyncio.open_unix_connection(path)
        client = cls(reader, writer, hang_seconds)
        try:
            require_same_user(writer, path)
            await client._greet()
        except BaseException:
            writer.close()
            raise
        client._reading = asyncio.create_task(client._read())
        return client

    @property
    def is_closed(self) -> bool:
        """Whether the engine has ended the connection, even if we have not come to read that."""
        return self._has_ended or self._reader.at_eof()

    @property
    def owed_an_answer(self) -> bool:
        """Whether the engine owes us an answer, or did when the connection ended."""
        return self._has_died_in_debt or bool(self._exchanges)

    @contextmanager
    def ask(self, make_request: Callable[[int], ClientMessage]) -> Iterator[Exchange]:
        """Send the request made for a new id; leaving the block early cancels it.

        Raises EngineGoneError when the connection has ended.
        """
        if self.is_closed:
            raise EngineGoneError
        request_id, exchange = next(self._ids), Exchange()
        request = make_request(request_id)
        if isinstance(request, Generate):
            request = self._surroundings.shortened(request)
        self._write(request)
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

    async def retire_engine(self) -> None:
        """Ask the engine to end once it owes nobody an answer; waits a moment for that."""
        self._write(Retire())
        await asyncio.wait(self._running(), timeout=_RETIRE_SECONDS)

    def kill(self) -> None:
        """Kill the engine's process, which is the one at the other end of the socket."""
        peer = peer_of(self._writer)
        _log.warning("the engine (pid %d) hangs and is killed", peer.pid if peer else 0)
        if peer is not None and peer.pid > 0:
            with suppress(ProcessLookupError):
                os.kill(peer.pid, signal.SIGKILL)
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
        self.engine_version = message.version
        self.engine_isolation = (message.isolation, message.isolation_reason)

    async def _read(self) -> None:
        try:
            while (message := await read_message(self._reader)) is not None:
                self._heard = True
                self._receive(message)
        except ProtocolError as error:
            _log.warning("the engine is disconnected: %s", error)
        finally:
            self._has_ended = True
            self._has_died_in_debt = bool(self._exchanges)
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
            if isinstance(message, FINAL_MESSAGES):
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
