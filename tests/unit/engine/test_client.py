"""The client's side against a scripted peer: what a broken engine may do to it."""

import asyncio
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cloister import __version__
from cloister.backends.local import LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.errors import BackendUnavailableError, ModelError, ProtocolError
from cloister.core.generation import Chunk, Finish, GenerationRequest, Timings
from cloister.core.prompt import Prompt
from cloister.engine.client import EngineClient
from cloister.engine.exchange import EngineGoneError
from cloister.engine.messages import (
    Cancel,
    Counted,
    CountTokens,
    Done,
    EngineMessage,
    Evaluated,
    Failed,
    FailureKind,
    Generate,
    GetStatus,
    Hello,
    Load,
    Loading,
    Message,
    ModelSource,
    Pong,
    Retire,
    Stopping,
    Welcome,
    Wrote,
)
from cloister.engine.paths import engine_paths, prepare_directory
from cloister.engine.supervision import Supervisor
from cloister.engine.wire import PROTOCOL_VERSION, encode, read_message
from support.engine_process import private_engine

WELCOME = Welcome(PROTOCOL_VERSION, __version__, 0, "none", "")
Answer = Callable[[Message], list[EngineMessage | bytes]]


class Peer:
    """Answers as it is told and keeps what it was sent; an empty frame closes all connections."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.received: list[Message] = []
        self.heard = asyncio.Condition()
        self._writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        while (message := await read_message(reader)) is not None:
            async with self.heard:
                self.received.append(message)
                self.heard.notify_all()
            if isinstance(message, Cancel):
                continue
            answers = [WELCOME] if isinstance(message, Hello) else self._answer(message)
            for answer in answers:
                writer.write(answer if isinstance(answer, bytes) else encode(answer))
            if answers[-1:] == [b""]:
                for other in self._writers:
                    other.close()
                return
        writer.close()

    async def wait_for(self, message: Message) -> None:
        async with self.heard:
            await self.heard.wait_for(lambda: message in self.received)


@pytest.fixture
async def folder(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    async with private_engine(monkeypatch) as private:
        prepare_directory(engine_paths())
        yield private


@asynccontextmanager
async def peer(answer: Answer) -> AsyncIterator[Peer]:
    scripted = Peer(answer)
    server = await asyncio.start_unix_server(scripted.serve, engine_paths().socket)
    yield scripted
    server.close()
    engine_paths().socket.unlink()


def backend(supervisor: Supervisor | None = None) -> LocalBackend:
    return LocalBackend(Path("/m.gguf"), supervisor=supervisor)


def more(_chunk: Chunk) -> bool:
    return False


SOURCE = ModelSource("/m.gguf")
REQUEST = GenerationRequest(Prompt(()), 4)


@pytest.mark.usefixtures("folder")
async def test_a_model_that_kills_the_engine_while_loading_gets_two_tries() -> None:
    def die_loading(message: Message) -> list[EngineMessage | bytes]:
        assert isinstance(message, Load)
        return [Loading(message.id, 0.4), b""]

    clock = iter(range(0, 10_000, 100))
    async with peer(die_loading) as engine:
        local = backend(Supervisor(lambda: next(clock)))
        for _ in range(2):
            with pytest.raises(BackendUnavailableError, match="stopped during this request"):
                await local.describe()
        for _ in range(2):
            with pytest.raises(ModelError, match=r"/m\.gguf crashes the engine while it loads"):
                await local.describe()
        assert sum(isinstance(message, Load) for message in engine.received) == 2
        await local.close()


@pytest.mark.usefixtures("folder")
async def test_a_death_after_loading_does_not_blame_the_model() -> None:
    def die_after_loading(message: Message) -> list[EngineMessage | bytes]:
        assert isinstance(message, CountTokens)
        return [Loading(message.id, 0.4), Loading(message.id, 1.0), b""]

    clock = iter(range(0, 10_000, 100))
    async with peer(die_after_loading):
        local = backend(Supervisor(lambda: next(clock)))
        for _ in range(3):
            with pytest.raises(BackendUnavailableError):
                await local.count_tokens(["x"])
        await local.close()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "noise", [struct.pack(">I", 4) + b"{}{}", struct.pack(">I", 2**31), b"\0\0"]
)
async def test_an_engine_that_talks_nonsense_costs_one_request(noise: bytes) -> None:
    async with peer(lambda _message: [noise, b""]):
        local = backend()
        with pytest.raises(BackendUnavailableError):
            await local.count_tokens(["x"])
        await local.close()


@pytest.mark.usefixtures("folder")
async def test_a_request_dropped_by_a_full_queue_says_so() -> None:
    def drop(message: Message) -> list[EngineMessage | bytes]:
        assert isinstance(message, CountTokens | Load)
        return [Done(message.id, Finish.CANCELLED, Timings())]

    async with peer(drop):
        local = backend()
        with pytest.raises(BackendUnavailableError, match="Too many requests"):
            await local.count_tokens(["x"])
        with pytest.raises(BackendUnavailableError, match="Too many requests"):
            await local.describe()
        await local.close()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (FailureKind.MODEL, ModelError),
        (FailureKind.UNAVAILABLE, BackendUnavailableError),
        (FailureKind.PROTOCOL, BackendUnavailableError),
    ],
)
async def test_failures_keep_their_sentence(kind: FailureKind, error: type[Exception]) -> None:
    def fail(message: Message) -> list[EngineMessage | bytes]:
        return [Failed(getattr(message, "id", None), kind, "Do this next.")]

    async with peer(fail):
        local = backend()
        with pytest.raises(error, match=r"Do this next\."):
            await local.count_tokens(["x"])
        await local.close()


@pytest.mark.usefixtures("folder")
async def test_leaving_a_request_early_cancels_it_at_the_engine() -> None:
    def write_one(message: Message) -> list[EngineMessage | bytes]:
        assert isinstance(message, Generate)
        timings = Timings(prompt_tokens=7, evaluated_tokens=3, reused_tokens=4)
        return [Evaluated(message.id, timings), Wrote(message.id, (Chunk("a", 0.5),))]

    async with peer(write_one) as engine:
        local = backend()
        generation = await local.generate(REQUEST, lambda _chunk: True, CancelToken())
        assert generation.finish is Finish.ENOUGH
        assert generation.timings.reused_tokens == 4
        await engine.wait_for(Cancel(1))
        cancel = CancelToken()
        writing = asyncio.create_task(local.generate(REQUEST, more, cancel))
        await asyncio.sleep(0)
        cancel.cancel()
        assert (await writing).finish is Finish.CANCELLED
        await local.close()


@pytest.mark.usefixtures("folder")
async def test_answers_find_their_requests_in_any_order() -> None:
    kept: list[CountTokens] = []

    def answer_in_reverse(message: Message) -> list[EngineMessage | bytes]:
        assert isinstance(message, CountTokens)
        kept.append(message)
        if len(kept) < 3:
            return []
        return [Counted(request.id, (len(request.texts[0]),)) for request in reversed(kept)]

    async with peer(answer_in_reverse):
        local = backend()
        counts = await asyncio.gather(*(local.count_tokens([text]) for text in ("a", "bb", "ccc")))
        assert counts == [[1], [2], [3]]
        await local.close()


@pytest.mark.usefixtures("folder")
async def test_answers_to_nobody_are_ignored() -> None:
    def answer_twice(message: Message) -> list[EngineMessage | bytes]:
        assert isinstance(message, CountTokens)
        counted = Counted(message.id, (1,))
        return [Pong(99), Counted(98, ()), counted, counted]

    async with peer(answer_twice):
        local = backend()
        assert await local.count_tokens(["a"]) == [1]
        assert await local.count_tokens(["a"]) == [1]
        await local.close()


@pytest.mark.usefixtures("folder")
async def test_pings_keep_a_slow_engine_alive() -> None:
    pinged = asyncio.Event()

    def answer_pings_only(message: Message) -> list[EngineMessage | bytes]:
        if isinstance(message, GetStatus | CountTokens):
            return []
        pings.append(message)
        if len(pings) == 8:
            pinged.set()
        return [Pong(0)]

    pings: list[Message] = []
    async with peer(answer_pings_only):
        client = await EngineClient.connect(engine_paths().socket, hang_seconds=0.4)
        with client.ask(GetStatus):
            # Twice as many as an engine may leave unanswered.
            await pinged.wait()
            assert not client.is_closed
        await client.close()


@pytest.mark.usefixtures("folder")
async def test_an_engine_of_another_protocol_is_refused() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_message(reader)
        writer.write(encode(Failed(None, FailureKind.PROTOCOL, "Restart the editor.")))
        writer.close()

    server = await asyncio.start_unix_server(refuse, engine_paths().socket)
    with pytest.raises(ProtocolError, match="Restart the editor"):
        await EngineClient.connect(engine_paths().socket)
    with pytest.raises(BackendUnavailableError, match="Restart the editor"):
        await backend().count_tokens(["x"])
    server.close()


@pytest.mark.usefixtures("folder")
async def test_an_engine_that_leaves_instead_of_welcoming_is_gone() -> None:
    async def leave(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    server = await asyncio.start_unix_server(leave, engine_paths().socket)
    with pytest.raises(EngineGoneError):
        await EngineClient.connect(engine_paths().socket)
    server.close()


class OldEngine:
    """Welcomes everybody in another version; told to retire, it leaves when `may_leave`."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.may_leave = asyncio.Event()
        self.n_clients = 0
        self.n_asked_to_retire = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (message := await read_message(reader)) is not None:
            match message:
                case Hello():
                    self.n_clients += 1
                    writer.write(encode(replace(WELCOME, version=self.version)))
                case CountTokens(id=request_id):
                    writer.write(encode(Counted(request_id, (7,))))
                case Retire():
                    self.n_asked_to_retire += 1
                    if self.may_leave.is_set():
                        break
        writer.write(encode(Stopping("a newer version takes over")))
        writer.close()


@asynccontextmanager
async def old_engine(version: str) -> AsyncIterator[OldEngine]:
    engine = OldEngine(version)
    server = await asyncio.start_unix_server(engine.serve, engine_paths().socket)
    yield engine
    server.close()
    engine_paths().socket.unlink()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("version", [__version__, "999.0.0", "1000.1"])
async def test_an_engine_of_this_or_a_newer_version_is_used(version: str) -> None:
    async with old_engine(version) as engine:
        local = backend()
        assert await local.count_tokens(["x"]) == [7]
        await local.close()
        assert engine.n_asked_to_retire == 0


@pytest.mark.usefixtures("folder")
async def test_an_older_engine_that_is_at_work_serves_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cloister.engine.client._RETIRE_SECONDS", 0.0)
    async with old_engine("0.0.9") as engine:
        local = backend()
        assert await local.count_tokens(["x"]) == [7]
        assert await local.count_tokens(["y"]) == [7]
        await local.close()
        assert (engine.n_clients, engine.n_asked_to_retire) == (1, 1)


@pytest.mark.usefixtures("folder")
async def test_windows_of_two_versions_do_not_take_turns_at_replacing_the_engine() -> None:
    supervisor = Supervisor()
    async with old_engine("0.0.9") as engine:
        engine.may_leave.set()
        local = backend(supervisor)
        # The other window is faster: what listens now is its own engine again.
        assert await local.count_tokens(["x"]) == [7]
        assert await local.count_tokens(["y"]) == [7]
        await local.close()
        assert (engine.n_clients, engine.n_asked_to_retire) == (2, 1)
    assert supervisor.deaths == ()


@pytest.mark.usefixtures("folder")
async def test_a_request_that_meets_an_ending_engine_goes_to_the_next_one() -> None:
    supervisor, asked = Supervisor(), list[Message]()

    def end(message: Message) -> list[EngineMessage | bytes]:
        asked.append(message)
        if len(asked) == 1:
            return [Stopping("nobody used it"), b""]
        return [Counted(1, (7,))]

    async with peer(end):
        local = backend(supervisor)
        assert await local.count_tokens(["x"]) == [7]
        await local.close()
    assert len(asked) == 2
    assert supervisor.deaths == ()


@pytest.mark.usefixtures("folder")
async def test_engines_that_only_end_are_asked_twice_and_no_more() -> None:
    asked: list[Message] = []

    def end(message: Message) -> list[EngineMessage | bytes]:
        asked.append(message)
        return [Stopping("nobody used it"), b""]

    async with peer(end):
        local = backend()
        with pytest.raises(BackendUnavailableError, match="stopped during this request"):
            await local.count_tokens(["x"])
        await local.close()
    assert len(asked) == 2


@pytest.mark.usefixtures("folder")
async def test_a_death_counts_only_where_an_answer_was_owed() -> None:
    def die_of_counting(message: Message) -> list[EngineMessage | bytes]:
        return [b""] if message == CountTokens(1, SOURCE, ("x",)) else [Counted(1, (7,))]

    async with peer(die_of_counting):
        guilty, innocent = Supervisor(), Supervisor()
        idle, asking = backend(innocent), backend(guilty)
        assert await idle.count_tokens(["y"]) == [7]
        lost = await idle._link.client()
        with pytest.raises(BackendUnavailableError):
            await asking.count_tokens(["x"])
        await asyncio.gather(*lost._running())
        assert await idle.count_tokens(["y"]) == [7]
        assert await idle._link.client() is not lost
        assert (len(guilty.deaths), len(innocent.deaths)) == (1, 0)
        await asking.close()
        await idle.close()


@pytest.mark.usefixtures("folder")
async def test_two_requests_that_wait_for_one_load_count_its_death_once() -> None:
    asked: list[Message] = []

    def die_when_both_wait(message: Message) -> list[EngineMessage | bytes]:
        assert isinstance(message, Load | CountTokens)
        asked.append(message)
        return [Loading(message.id, 0.4), *([b""] if len(asked) % 2 == 0 else [])]

    clock = iter(range(0, 10_000, 100))
    async with peer(die_when_both_wait):
        local = backend(Supervisor(lambda: next(clock)))
        for error in (BackendUnavailableError, BackendUnavailableError, ModelError):
            outcomes = await asyncio.gather(
                local.describe(), local.count_tokens(["x"]), return_exceptions=True
            )
            assert [type(outcome) for outcome in outcomes if isinstance(outcome, error)]
            assert all(isinstance(outcome, error) for outcome in outcomes)
        await local.close()
