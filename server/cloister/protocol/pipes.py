"""Standard input and output as pipes of bytes that can never block the event loop.

Each direction has a daemon thread with plain blocking reads and writes: `O_NONBLOCK` would change
the editor's end too, and a thread works for pipes, sockets, terminals and files alike. Both
threads touch raw descriptors only, so a blocked one cannot hold up the end of the process.
"""

import asyncio
import os
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CHUNK_BYTES = 64 * 1024
MAX_WAITING_CHUNKS = 16
MAX_UNSENT_BYTES = 64 * 1024 * 1024


@contextmanager
def private_stdio() -> Iterator[tuple[int, int]]:
    """Yield the descriptors of stdin and stdout, and keep everybody else away from them.

    Whatever a library or a child process prints goes to stderr instead of into the protocol.
    """
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    yield incoming, outgoing


class IncomingPipe:
    """Reads chunks into a bounded queue; a reader who is slow makes the editor wait."""

    def __init__(self, descriptor: int, on_end: Callable[[], None]) -> None:
        self._descriptor = descriptor
        self._on_end = on_end
        self._chunks: asyncio.Queue[bytes] = asyncio.Queue()
        self._free = threading.Semaphore(MAX_WAITING_CHUNKS)
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, name="cloister-stdin", daemon=True).start()

    async def read(self) -> bytes:
        """Return the next chunk, empty at the end."""
        chunk = await self._chunks.get()
        self._free.release()
        return chunk

    def _run(self) -> None:
        try:
            while chunk := self._read_chunk():
                self._free.acquire()
                self._loop.call_soon_threadsafe(self._chunks.put_nowait, chunk)
            # Called from here because the event loop may be the thing that hangs.
            self._on_end()
            self._loop.call_soon_threadsafe(self._chunks.put_nowait, b"")
        except RuntimeError:
            return  # The event loop has ended.

    def _read_chunk(self) -> bytes:
        try:
            return os.read(self._descriptor, CHUNK_BYTES)
        except OSError:
            return b""  # A broken pipe is an end like any other.


class OutgoingPipe:
    """Writes from a queue of its own; an editor that stops reading is taken for gone."""

    def __init__(self, descriptor: int, on_broken: Callable[[], object]) -> None:
        self._descriptor = descriptor
        self._on_broken = on_broken
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._unsent_bytes = 0
        self._thread = threading.Thread(target=self._run, name="cloister-stdout", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Queue `data`; called on the event loop only."""
        if self._unsent_bytes + len(data) > MAX_UNSENT_BYTES:
            self._on_broken()
            return
        self._unsent_bytes += len(data)
        self._queue.put(data)

    def close(self) -> None:
        """Ask the thread to end after what is queued."""
        self._queue.put(b"")

    async def drained(self) -> None:
        """Wait until everything queued before `close` is written or the pipe is broken."""
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        try:
            while data := self._queue.get():
                _write_all(self._descriptor, data)
                self._loop.call_soon_threadsafe(self._sent, len(data))
        except OSError:
            self._tell_broken()
        except RuntimeError:
            return  # The event loop has ended.

    def _sent(self, n_bytes: int) -> None:
        self._unsent_bytes -= n_bytes

    def _tell_broken(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._on_broken)
        except RuntimeError:
            return  # The event loop has ended.


def _write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
