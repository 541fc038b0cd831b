"""The engine's event loop: clients come and go, and there is always a reason to end.

The engine ends when its last client has been gone for the idle time, when a client or a signal
asks, when a newer version wants to take over or nobody can find its socket any more (both once it
owes nobody an answer), and when a thread that works shows no sign of life. A client that is not
the same user's, breaks the protocol or does not read its answers is dropped; the others do not
notice.
"""

import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from math import ceil
from pathlib import Path
from time import monotonic

from cloister import __version__
from cloister.core.errors import ProtocolError
from cloister.engine.dispatcher import Dispatcher
from cloister.engine.generation import refine
from cloister.engine.instance import SocketFile
from cloister.engine.loader import start_loading
from cloister.engine.messages import (
    Cancel,
    CountTokens,
    EngineMessage,
    Failed,
    FailureKind,
    Generate,
    GetStatus,
    Hello,
    LayOutChat,
    Load,
    Message,
    Ping,
    Pong,
    Retire,
    StatusReport,
    Stop,
    Stopping,
    Welcome,
)
from cloister.engine.peer import is_same_user
from cloister.engine.probe import resident_bytes
from cloister.engine.sandbox import Isolation
from cloister.engine.status import EngineStatus
from cloister.engine.wire import PROTOCOL_VERSION, encode, read_message
from cloister.engine.worker import Worker

_STALL_SECONDS = 60.0
_WATCH_SECONDS = 1.0
_CLOSE_SECONDS = 2.0
_FIRST_CLIENT_SECONDS = 10.0
_MAX_UNSENT_BYTES = 8 * 1024 * 1024
_EXIT_STALLED = 70

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HostOptions:
    """`idle_seconds` is how long the engine outlives its last client."""

    idle_seconds: float
    isolation: Isolation


class Host:
    """Serves one listening socket until there is a reason to end."""

    def __init__(self, options: HostOptions) -> None:
        self._options = options
        self._started = monotonic()
        self._worker = Worker(refine)
        self._dispatcher = Dispatcher(
            self._worker.submit, lambda task: start_loading(task, self._worker.with_shelf)
        )
        self._clients: dict[int, asyncio.StreamWriter] = {}
        self._numbers = count(1)
        self._ending: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._idle_timer: asyncio.TimerHandle | None = None
        self._retirement = ""

    async def serve(self, listener: socket.socket, on_ready: Callable[[], None]) -> str:
        """Serve until the end and return its reason; `on_ready` is called once clients may come."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end, "a signal asked it to")
        self._worker.start()
        server = await asyncio.start_unix_server(self._serve_client, sock=listener)
        watchdog = asyncio.create_task(self._watch(SocketFile.at(Path(listener.getsockname()))))
        # Whoever started us is about to connect, however short the idle time is.
        self._start_idle_timer(max(self._options.idle_seconds, _FIRST_CLIENT_SECONDS))
        on_ready()
        reason = await self._ending
        watchdog.cancel()
        server.close()
        await self._say_goodbye(reason)
        await asyncio.to_thread(self._worker.close, _CLOSE_SECONDS)
        return reason

    async def _serve_client(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        number = next(self._numbers)
        if not is_same_user(writer):
            _log.warning("client %d is another user's and is dropped", number)
            writer.close()
            return
        try:
            await self._welcome(number, reader, writer)
            while (message := await read_message(reader)) is not None:
                self._receive(number, writer, message)
        except ProtocolError as error:
            _log.warning("client %d is dropped: %s", number, error)
            _send(writer, Failed(None, FailureKind.PROTOCOL, str(error)))
        finally:
            self._forget(number, writer)

    async def _welcome(
        self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        message = await read_message(reader)
        if message is None:
            return
        if self._ending.done():
            # Closing without a welcome sends the client to the next engine.
            writer.close()
            return
        if not isinstance(message, Hello) or message.protocol != PROTOCOL_VERSION:
            raise ProtocolError(
                f"The engine speaks protocol {PROTOCOL_VERSION}; restart the editor to update both."
            )
        self._clients[number] = writer
        self._stop_idle_timer()
        level, reason = self._options.isolation.level, self._options.isolation.reason
        _send(writer, Welcome(PROTOCOL_VERSION, __version__, os.getpid(), level, reason))

    def _receive(self, number: int, writer: asyncio.StreamWriter, message: Message) -> None:
        match message:
            case Load() | CountTokens() | LayOutChat() | Generate():
                self._dispatcher.submit(
                    number, message, lambda answer: self._answer(writer, answer)
                )
            case Cancel(id=request):
                self._dispatcher.cancel(number, request)
            case Ping(id=request):
                _send(writer, Pong(request))
            case GetStatus(id=request):
                _send(writer, StatusReport(request, self._status()))
            case Stop():
                self._end("a client asked it to")
            case Retire():
                self._retire("a newer version takes over")
            case _:
                raise ProtocolError(f"A client may not send {type(message).__name__} here.")

    def _answer(self, writer: asyncio.StreamWriter, message: EngineMessage) -> None:
        _send(writer, message)
        if self._retirement:
            self._retire(self._retirement)

    def _retire(self, reason: str) -> None:
        """End as soon as nobody waits for an answer."""
        self._retirement = reason
        if self._dispatcher.is_idle:
            self._end(reason)

    def _forget(self, number: int, writer: asyncio.StreamWriter) -> None:
        writer.close()
        self._dispatcher.withdraw_client(number)
        was_welcome = self._clients.pop(number, None) is not None
        if was_welcome and not self._clients:
            self._start_idle_timer(self._options.idle_seconds)

    def _start_idle_timer(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._idle_timer = loop.call_later(seconds, self._end, "nobody used it")

    def _stop_idle_timer(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.cancel()
            self._idle_timer = None

    def _end(self, reason: str) -> None:
        if not self._ending.done():
            self._ending.set_result(reason)

    async def _say_goodbye(self, reason: str) -> None:
        self._dispatcher.withdraw_all()
        writers = list(self._clients.values())
        for writer in writers:
            _send(writer, Stopping(reason))
            writer.close()
        # A client that does not read cannot hold up the end.
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_SECONDS):
                await asyncio.gather(
                    *(writer.wait_closed() for writer in writers), return_exceptions=True
                )

    async def _watch(self, socket_file: SocketFile) -> None:
        """End the process when llama.cpp hangs: nothing in it can be interrupted any other way."""
        # Neither a hang nor a removed file announces itself, so there is only time to wait for.
        while self._dispatcher.silent_seconds() < _STALL_SECONDS:
            _let_the_kernel_watch()
            await asyncio.sleep(_WATCH_SECONDS)
            if not socket_file.exists():
                self._retire("its socket was removed")
        _log.error("a thread hangs; the engine gives up")
        os._exit(_EXIT_STALLED)

    def _status(self) -> EngineStatus:
        counts = self._dispatcher.counts
        return EngineStatus(
            pid=os.getpid(),
            version=__version__,
            uptime_seconds=monotonic() - self._started,
            idle_seconds=self._options.idle_seconds,
            isolation=self._options.isolation.level,
            isolation_reason=self._options.isolation.reason,
            resident_bytes=resident_bytes(),
            clients=len(self._clients),
            models=self._worker.models,
            waiting_requests=self._dispatcher.n_waiting,
            finished_requests=counts["finished"],
            cancelled_requests=counts["cancelled"],
            failed_requests=counts["failed"],
            generated_tokens=counts["tokens"],
        )


def _let_the_kernel_watch() -> None:
    """Be ended by the kernel when the event loop does not come here again in time.

    It needs neither memory nor a thread, one of which the loop may be missing.
    """
    if sys.platform != "win32":
        signal.alarm(ceil(2 * _STALL_SECONDS + _WATCH_SECONDS))


def _send(writer: asyncio.StreamWriter, message: EngineMessage) -> None:
    if writer.is_closing():
        return
    writer.write(encode(message))
    if writer.transport.get_write_buffer_size() > _MAX_UNSENT_BYTES:
        _log.warning("a client does not read its answers and is dropped")
        writer.transport.abort()
