"""The engine's event loop and threads in this very process, where a test can hold them up."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cloister.engine.host import Host, HostOptions
from cloister.engine.messages import Hello, Message, Welcome
from cloister.engine.sandbox import Isolation, IsolationLevel
from cloister.engine.wire import PROTOCOL_VERSION, encode, read_message

NO_ISOLATION = Isolation(IsolationLevel.NONE, "This is a test.")


@asynccontextmanager
async def serving(path: Path, idle_seconds: float = 60.0) -> AsyncIterator["asyncio.Task[str]"]:
    """Serve at `path`, which has less than 108 bytes; yield the task that returns why it ended."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    ready = asyncio.Event()
    host = Host(HostOptions(idle_seconds, NO_ISOLATION))
    task = asyncio.create_task(host.serve(listener, ready.set))
    await ready.wait()
    yield task
    host._end("the test is over")
    await task


class RawClient:
    """Speaks the protocol without the manners of EngineClient."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def connect(cls, path: Path, *, greet: bool = True) -> "RawClient":
        """Connect, and say hello."""
        client = cls(*await asyncio.open_unix_connection(path))
        if greet:
            client.send(Hello(PROTOCOL_VERSION, "test"))
            assert isinstance(await client.receive(), Welcome)
        return client

    def send(self, *messages: Message) -> None:
        """Send messages in one piece."""
        self.writer.write(b"".join(encode(message) for message in messages))

    async def receive(self) -> Message | None:
        """Return the next message; None at the end."""
        return await read_message(self.reader)

    async def close(self) -> None:
        """Disconnect."""
        self.writer.close()
        await self.writer.wait_closed()
