"""A raw language client over real pipes: it sends any bytes, and counts every answer."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
SCRIPTED_SESSION = (sys.executable, str(Path(__file__).with_name("scripted_session.py")))

Message = dict[str, Any]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT / "server")}


def frame(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


class RawClient:
    """Talks to one server process; `responses` keeps everything that came, by id."""

    def __init__(self, process: asyncio.subprocess.Process, log: IO[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self.responses: dict[Any, list[Message]] = {}
        self.incoming: list[Message] = []
        self._stdin, self._stdout, self._log = process.stdin, process.stdout, log
        self.arrived = asyncio.Condition()
        self._last_id = 0
        self._reading = asyncio.create_task(self._read())

    def send_raw(self, data: bytes) -> None:
        self._stdin.write(data)

    async def drained(self) -> None:
        """Wait until the pipe has taken what was sent."""
        await self._stdin.drain()

    def send(self, message: Any) -> None:
        self.send_raw(frame(json.dumps(message).encode()))

    def notify(self, method: str, params: Any = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def start(self, method: str, params: Any = None) -> int:
        """Send a request and return its id."""
        self._last_id += 1
        self.send({"jsonrpc": "2.0", "id": self._last_id, "method": method, "params": params})
        return self._last_id

    async def request(self, method: str, params: Any = None) -> Message:
        return await self.response(self.start(method, params))

    async def response(self, message_id: Any, count: int = 1) -> Message:
        """Return the newest response with this id, once there are `count`."""
        async with self.arrived:
            await self.arrived.wait_for(
                lambda: len(self.responses.get(message_id, [])) >= count or self._reading.done()
            )
        return self.responses[message_id][count - 1]

    async def message(self, method: str, number: int = 1) -> Message:
        """Return the `number`-th request or notification of the server with this method."""
        async with self.arrived:
            await self.arrived.wait_for(
                lambda: len(self.all_of(method)) >= number or self._reading.done()
            )
        return self.all_of(method)[number - 1]

    def all_of(self, method: str) -> list[Message]:
        return [message for message in self.incoming if message["method"] == method]

    async def initialize(self, **params: Any) -> Message:
        answer = await self.request(
            "initialize", {"processId": None, "rootUri": None, "capabilities": {}} | params
        )
        self.notify("initialized", {})
        return dict(answer["result"])

    def open(self, uri: str, text: str, version: int = 1) -> None:
        item = {"uri": uri, "languageId": "python", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, version: int, changes: Sequence[Message]) -> None:
        document = {"uri": uri, "version": version}
        params = {"textDocument": document, "contentChanges": list(changes)}
        self.notify("textDocument/didChange", params)

    def insert(self, uri: str, version: int, line: int, character: int, text: str) -> None:
        place = {"line": line, "character": character}
        self.change(uri, version, [{"range": {"start": place, "end": place}, "text": text}])

    def complete(self, uri: str, line: int, character: int, trigger: int = 2) -> int:
        """Start an inline completion and return its id."""
        return self.start(
            "textDocument/inlineCompletion",
            {
                "textDocument": {"uri": uri},
                "position": {"line": line, "character": character},
                "context": {"triggerKind": trigger},
            },
        )

    async def completed(self, uri: str, line: int, character: int) -> str:
        """Return the text of the only item, empty without one."""
        answer = await self.response(self.complete(uri, line, character))
        items = answer["result"]["items"]
        return items[0]["insertText"] if items else ""

    async def alive(self) -> bool:
        """Ask something harmless and return whether it was answered."""
        answer = await self.request("$/are you there")
        return bool(answer["error"]["code"] == -32601)

    def close_stdin(self) -> None:
        self._stdin.close()

    async def ended(self) -> int:
        """Return the exit code once the process is gone."""
        return await self.process.wait()

    async def bye(self) -> int:
        await self.request("shutdown")
        self.notify("exit")
        return await self.ended()

    def stderr(self) -> str:
        """Return everything that was written to stderr so far."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    async def _read(self) -> None:
        try:
            while header := await self._stdout.readuntil(b"\r\n\r\n"):
                length = int(header.split(b":")[1])
                await self._take(json.loads(await self._stdout.readexactly(length)))
        except asyncio.IncompleteReadError as end:
            if end.partial:
                raise AssertionError("stdout ended in the middle of a message") from end
        finally:
            async with self.arrived:
                self.arrived.notify_all()

    async def _take(self, message: Message) -> None:
        async with self.arrived:
            if "method" in message:
                self.incoming.append(message)
            else:
                self.responses.setdefault(message["id"], []).append(message)
            self.arrived.notify_all()


@asynccontextmanager
async def running(command: Sequence[str] = SCRIPTED_SESSION) -> AsyncIterator[RawClient]:
    """Run a server and talk to it; whatever is left of it at the end is killed."""
    # A file, because a pipe would also wait for what the server leaves running.
    with TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=PIPE, stdout=PIPE, stderr=log, env=environment(), limit=2**26
        )
        client = RawClient(process, log)
        try:
            yield client
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()
            await client._reading
