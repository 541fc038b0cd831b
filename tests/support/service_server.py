"""A small real HTTP server on loopback that answers as a service does, and keeps what it was sent.

It answers with the next of its replies; a reply may wait for ever, or close in the middle.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server says; `holds` keeps the connection open after the body, saying nothing."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    holds: bool = False
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class ReceivedRequest:
    """What the server was sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def fields(self) -> dict[str, object]:
        fields: dict[str, object] = json.loads(self.body)
        return fields


@dataclass(slots=True)
class ServiceServer:
    """The server while it runs."""

    replies: list[Reply]
    port: int = 0
    received: list[ReceivedRequest] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    dropped: asyncio.Event = field(default_factory=asyncio.Event)
    answering: dict[asyncio.StreamWriter, asyncio.Task[None] | None] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.answering[writer] = asyncio.current_task()
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await self._answer(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def close(self) -> None:
        for writer in self.answering:
            writer.close()
        await asyncio.gather(*filter(None, self.answering.values()))

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            self.received.append(await _request(reader))
            self.heard.set()
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
            writer.write(_head(reply) + reply.body)
            await writer.drain()
            if reply.holds:
                await reader.read()
                self.dropped.set()
            if reply.holds or reply.is_cut:
                return


@asynccontextmanager
async def serving(*replies: Reply) -> AsyncIterator[ServiceServer]:
    """Run a server that answers with `replies`, the last one again and again."""
    service = ServiceServer(list(replies))
    server = await asyncio.start_server(service.answer, "127.0.0.1", 0)
    service.port = server.sockets[0].getsockname()[1]
    async with server:
        try:
            yield service
        finally:
            await service.close()


async def _request(reader: asyncio.StreamReader) -> ReceivedRequest:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {
        name.lower(): value.strip() for name, _, value in (it.partition(":") for it in lines)
    }
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return ReceivedRequest(method, path, headers, body)


def _head(reply: Reply) -> bytes:
    n_bytes = len(reply.body) + (1000 if reply.holds or reply.is_cut else 0)
    headers = {"Content-Length": str(n_bytes), **reply.headers}
    lines = [f"HTTP/1.1 {reply.status} X", *(f"{name}: {it}" for name, it in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
