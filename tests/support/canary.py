"""Real servers that keep every byte: who should hear nothing must have heard nothing."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from cloister.core.privacy import Origin

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@dataclass
class Canary:
    """A server that answers each request with `answer`, or with nothing and an open connection."""

    answer: bytes
    host: str
    scheme: str = "http"
    port: int = 0
    closes: bool = False
    received: bytearray = field(default_factory=bytearray)
    connections: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    @property
    def origin(self) -> Origin:
        return Origin(self.scheme, self.host, self.port)

    @property
    def body(self) -> bytes:
        """The body of the last request."""
        return bytes(self.received).rpartition(b"\r\n\r\n")[2]

    @property
    def head(self) -> str:
        """The first line and the headers of the last request."""
        return bytes(self.received).rpartition(b"\r\n\r\n")[0].decode("latin-1")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        with suppress(ConnectionError):
            while data := await reader.read(65536):
                self.received += data
                self.heard.set()
                if _is_whole(bytes(self.received)):
                    writer.write(self.answer)
                    await writer.drain()
                    if self.closes:
                        break
        self.closed.set()
        writer.close()


@asynccontextmanager
async def listening(
    answer: bytes = OK,
    host: str = "127.0.0.1",
    tls: ssl.SSLContext | None = None,
    *,
    closes: bool = False,
) -> AsyncIterator[Canary]:
    """Run a server that answers with these bytes, and closes the connection then or keeps it."""
    canary = Canary(answer, host, "https" if tls else "http", closes=closes)
    server = await asyncio.start_server(canary.serve, host, 0, ssl=tls)
    canary.port = server.sockets[0].getsockname()[1]
    try:
        yield canary
    finally:
        server.close()
        for writer in canary.writers:
            writer.close()
            with suppress(OSError, ssl.SSLError):
                await writer.wait_closed()


def redirect(status: int, location: str) -> bytes:
    return (
        f"HTTP/1.1 {status} Elsewhere\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    )


def _is_whole(received: bytes) -> bool:
    """Whether the last request is complete, by its `content-length`."""
    head, _, body = received.rpartition(b"\r\n\r\n")
    length = head.lower().rpartition(b"content-length: ")[2].partition(b"\r\n")[0]
    return len(body) >= (int(length) if length.isdigit() else 0)
