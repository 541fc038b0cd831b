"""The engine's event loop in this process, without a model: protocol, clients, endings."""

import asyncio
import struct
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloister import __version__
from cloister.core.errors import ModelError
from cloister.core.generation import Finish, Timings
from cloister.engine import host as host_module
from cloister.engine.client import EngineClient
from cloister.engine.exchange import EngineGoneError
from cloister.engine.messages import (
    Cancel,
    CountTokens,
    Done,
    Failed,
    FailureKind,
    Hello,
    Load,
    Loading,
    Message,
    ModelSource,
    Ping,
    Pong,
    Retire,
    Stopping,
    Welcome,
)
from cloister.engine.scheduler import MAX_WAITING_PER_CLIENT
from cloister.engine.wire import MAX_FRAME_BYTES, PROTOCOL_VERSION, encode
from support.engine_host import RawClient, serving

MISSING = ModelSource("/nonexistent/model.gguf")


@pytest.fixture
def path() -> Iterator[Path]:
    # Not under tmp_path: a socket's path may have 108 bytes.
    with tempfile.TemporaryDirectory(prefix="cl") as folder:
        yield Path(folder) / "socket"


async def test_a_client_is_welcomed_with_the_facts(path: Path) -> None:
    async with serving(path):
        client = await RawClient.connect(path, greet=False)
        client.send(Hello(PROTOCOL_VERSION, "test"))
        welcome = await client.receive()
        assert isinstance(welcome, Welcome)
        assert (welcome.protocol, welcome.version) == (PROTOCOL_VERSION, __version__)
        assert (welcome.isolation, welcome.isolation_reason) == ("none", "This is a test.")
        await client.close()


async def test_status_counts_what_happened(path: Path) -> None:
    async with serving(path):
        client = await EngineClient.connect(path)
        with client.ask(lambda id_: Load(id_, MISSING)) as exchange:
            assert isinstance(await exchange.receive(), Loading)
            with pytest.raises(ModelError):
                await exchange.receive()
        status = await client.status()
        assert status.clients == 1
        assert (status.finished_requests, status.failed_requests) == (0, 1)
        assert (status.waiting_requests, status.models) == (0, ())
        assert status.isolation_reason == "This is a test."
        await client.close()


@pytest.mark.parametrize(
    "noise",
    [
        encode(Hello(PROTOCOL_VERSION, "again")),
        encode(Pong(1)),
        struct.pack(">I", MAX_FRAME_BYTES + 1),
        struct.pack(">I", 5) + b"noise",
        struct.pack(">I", 2) + b"{}",
    ],
)
async def test_a_client_that_breaks_the_protocol_is_dropped_alone(path: Path, noise: bytes) -> None:
    async with serving(path):
        polite, rude = await EngineClient.connect(path), await RawClient.connect(path)
        rude.writer.write(noise)
        failure = await rude.receive()
        assert isinstance(failure, Failed)
        assert (failure.id, failure.kind) == (None, FailureKind.PROTOCOL)
        assert await rude.receive() is None
        assert (await polite.status()).clients == 1
        await polite.close()
        await rude.close()


@pytest.mark.parametrize("first", [Ping(1), Hello(PROTOCOL_VERSION + 1, "newer")])
async def test_a_client_must_begin_with_hello_of_this_protocol(path: Path, first: Message) -> None:
    async with serving(path):
        client = await RawClient.connect(path, greet=False)
        client.send(first)
        failure = await client.receive()
        assert isinstance(failure, Failed)
        assert "restart the editor" in failure.message
        assert await client.receive() is None
        await client.close()


async def test_an_id_in_use_cannot_be_used_again(path: Path) -> None:
    async with serving(path):
        client = await RawClient.connect(path)
        client.send(Load(1, MISSING), Load(2, MISSING), Load(2, MISSING))
        messages = []
        while (message := await client.receive()) is not None:
            messages.append(message)
        assert Failed(None, FailureKind.PROTOCOL, "Request 2 is already running.") in messages
        await client.close()


async def test_every_request_is_answered_once_in_a_flood_with_cancels(path: Path) -> None:
    async with serving(path):
        client = await RawClient.connect(path)
        n_requests = 5 * MAX_WAITING_PER_CLIENT
        for number in range(1, n_requests + 1):
            client.send(CountTokens(number, MISSING, ("x",)))
            if number % 3 == 0:
                client.send(Cancel(number), Cancel(number), Cancel(10_000 + number))
        client.send(Ping(n_requests + 1))
        answers: dict[int, Message] = {}
        pong = False
        while len(answers) < n_requests or not pong:
            message = await client.receive()
            assert message is not None
            if isinstance(message, Done | Failed) and message.id is not None:
                assert message.id not in answers
                answers[message.id] = message
            pong = pong or isinstance(message, Pong)
        cancelled = {answer for answer in answers.values() if isinstance(answer, Done)}
        assert all(answer.finish is Finish.CANCELLED for answer in cancelled)
        assert all(answer.timings == Timings() for answer in cancelled)
        assert len(cancelled) >= n_requests // 3
        await client.close()


async def test_a_client_that_leaves_takes_its_requests_along(path: Path) -> None:
    async with serving(path):
        watcher, leaver = await EngineClient.connect(path), await RawClient.connect(path)
        leaver.send(*(CountTokens(number, MISSING, ("x",)) for number in range(1, 6)))
        await leaver.close()
        while (status := await watcher.status()).clients > 1 or status.waiting_requests:
            pass
        ended = status.cancelled_requests + status.failed_requests
        assert ended <= 5
        await watcher.close()


async def test_stop_says_goodbye_to_everybody(path: Path) -> None:
    async with serving(path) as task:
        first, second = await RawClient.connect(path), await EngineClient.connect(path)
        await second.stop_engine()
        assert await task == "a client asked it to"
        assert await first.receive() == Stopping("a client asked it to")
        assert await first.receive() is None
        assert second.stopped_on_purpose
        with pytest.raises(EngineGoneError):
            await second.status()
        await first.close()
        await second.close()


async def test_it_ends_when_the_last_client_has_gone(path: Path) -> None:
    async with serving(path, idle_seconds=0) as task:
        first, second = await EngineClient.connect(path), await EngineClient.connect(path)
        await first.close()
        assert (await second.status()).clients == 1
        await second.close()
        assert await task == "nobody used it"


async def test_it_ends_when_nobody_ever_comes(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host_module, "_FIRST_CLIENT_SECONDS", 0.0)
    async with serving(path, idle_seconds=0) as task:
        assert await task == "nobody used it"


async def test_a_probe_of_the_socket_does_not_end_a_young_engine(path: Path) -> None:
    async with serving(path, idle_seconds=0):
        probe = await RawClient.connect(path, greet=False)
        await probe.close()
        client = await EngineClient.connect(path)
        assert (await client.status()).clients == 1
        await client.close()


async def test_it_retires_when_it_owes_nobody_an_answer(path: Path) -> None:
    async with serving(path) as task:
        first, second = await RawClient.connect(path), await RawClient.connect(path)
        first.send(Load(1, MISSING))
        assert await first.receive() == Loading(1, 0.0)
        second.send(Retire(), Ping(1))
        assert await second.receive() == Pong(1)
        assert isinstance(await first.receive(), Failed)
        assert await first.receive() == Stopping("a newer version takes over")
        assert await task == "a newer version takes over"
        await first.close()
        await second.close()


async def test_it_ends_when_nobody_can_find_it_any_more(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(host_module, "_WATCH_SECONDS", 0.0)
    async with serving(path) as task:
        client = await EngineClient.connect(path)
        _put_another_file_at(path)
        assert await task == "its socket was removed"
        assert client.stopped_on_purpose
        await client.close()


def _put_another_file_at(path: Path) -> None:
    path.unlink()
    path.write_text("")


async def test_a_worker_without_a_sign_of_life_ends_the_process(path: Path) -> None:
    code = f"""
import asyncio, socket, threading
from cloister.engine import host, worker
from cloister.engine.messages import Hello, Load, ModelSource
from cloister.engine.sandbox import Isolation, IsolationLevel
from cloister.engine.wire import PROTOCOL_VERSION, encode
host._STALL_SECONDS = 0.1
# A call into llama.cpp that never returns.
worker.Worker._answer = lambda *_arguments: threading.Event().wait()
listener = socket.socket(socket.AF_UNIX)
listener.bind({str(path)!r})
listener.listen()
client = socket.socket(socket.AF_UNIX)
client.connect({str(path)!r})
client.sendall(encode(Hello(PROTOCOL_VERSION, "")) + encode(Load(1, ModelSource("/m"))))
options = host.HostOptions(60.0, Isolation(IsolationLevel.NONE))
async def main():
    await host.Host(options).serve(listener, lambda: None)
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code)
    assert await process.wait() == 70
