"""What a killed, hung, stopped or misfed engine costs: one answer, never the editor."""

import asyncio
import os
import random
import signal
from pathlib import Path

import pytest

from cloister.backends.local import EngineOptions, LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.errors import BackendUnavailableError, CloisterError, ModelError
from cloister.core.generation import Chunk, Finish, Generation, GenerationRequest
from cloister.engine.supervision import Supervisor
from support.engine_process import MODEL, engine_pid, exit_of, infill

pytestmark = [pytest.mark.model, pytest.mark.usefixtures("engine_home")]

REQUEST = GenerationRequest(
    infill("class Config:\n    def __init__(self, name):\n        self.", "\n"), 16
)


def more(_chunk: Chunk) -> bool:
    return False


async def write(backend: LocalBackend) -> Generation:
    return await backend.generate(REQUEST, more, CancelToken())


async def killed(backend: LocalBackend) -> None:
    """Kill the engine while a request is in flight; the request must fail with one sentence."""
    await backend.describe()
    pid = await engine_pid()
    # A stopped engine cannot answer, so the request is surely in flight when it dies.
    os.kill(pid, signal.SIGSTOP)
    writing = asyncio.create_task(write(backend))
    await asyncio.sleep(0)
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(BackendUnavailableError, match="the next one starts it again"):
        await writing
    await exit_of(pid)


async def test_a_killed_engine_costs_the_request_in_flight_and_no_other() -> None:
    backend = LocalBackend(MODEL)
    expected = (await write(backend)).text
    await killed(backend)
    assert (await write(backend)).text == expected
    await backend.close()


async def test_an_engine_that_dies_between_requests_costs_nothing() -> None:
    backend = LocalBackend(MODEL)
    expected = (await write(backend)).text
    pid = await engine_pid()
    os.kill(pid, signal.SIGKILL)
    await exit_of(pid)
    assert (await write(backend)).text == expected
    await backend.close()


async def test_e04_a_hung_engine_is_killed_and_replaced() -> None:
    backend = LocalBackend(MODEL, options=EngineOptions(hang_seconds=2.0))
    expected = (await write(backend)).text
    pid = await engine_pid()
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(BackendUnavailableError, match="stopped during this request"):
        await write(backend)
    await exit_of(pid)
    assert (await write(backend)).text == expected
    await backend.close()


async def test_an_engine_that_hangs_before_the_welcome_is_replaced() -> None:
    first = LocalBackend(MODEL)
    expected = (await write(first)).text
    pid = await engine_pid()
    os.kill(pid, signal.SIGSTOP)
    second = LocalBackend(MODEL, options=EngineOptions(hang_seconds=2.0))
    assert (await write(second)).text == expected
    await exit_of(pid)
    await first.close()
    await second.close()


async def test_e04_a_hung_engine_holds_up_neither_a_cancelled_nor_an_expired_request() -> None:
    backend = LocalBackend(MODEL, options=EngineOptions(hang_seconds=60))
    await backend.describe()
    pid = await engine_pid()
    os.kill(pid, signal.SIGSTOP)
    cancel = CancelToken()
    writing = asyncio.create_task(backend.generate(REQUEST, more, cancel))
    await asyncio.sleep(0)
    cancel.cancel()
    assert (await writing).finish is Finish.CANCELLED
    expired = await backend.generate(REQUEST, more, CancelToken.after_ms(50))
    assert expired.finish is Finish.DEADLINE
    os.kill(pid, signal.SIGKILL)
    await backend.close()


async def test_an_engine_that_is_asked_to_end_starts_again_without_counting_as_a_death() -> None:
    supervisor = Supervisor()
    backend = LocalBackend(MODEL, supervisor=supervisor)
    expected = (await write(backend)).text
    for _ in range(2):
        pid = await engine_pid()
        os.kill(pid, signal.SIGTERM)
        await exit_of(pid)
        assert (await write(backend)).text == expected
    assert supervisor.deaths == ()
    await backend.close()


async def test_an_engine_that_cannot_start_is_one_sentence(
    engine_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nonexistent/python")
    backend = LocalBackend(MODEL)
    with pytest.raises(BackendUnavailableError, match="cannot be started"):
        await write(backend)
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(BackendUnavailableError, match="did not start"):
        await write(backend)
    monkeypatch.undo()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(engine_home))
    await backend.close()


async def test_a_log_that_cannot_be_written_costs_only_the_log(
    engine_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (engine_home / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(engine_home / "file"))
    backend = LocalBackend(MODEL)
    assert (await write(backend)).text
    await backend.close()


@pytest.mark.parametrize(
    "kind", ["missing", "directory", "fifo", "zero", "empty", "text", "truncated", "architecture"]
)
async def test_a_bad_model_is_one_sentence_and_the_engine_lives(tmp_path: Path, kind: str) -> None:
    good, bad = LocalBackend(MODEL), LocalBackend(_bad_model(tmp_path, kind))
    await good.describe()
    pid = await engine_pid()
    for act in (bad.describe, lambda: bad.count_tokens(["x"]), lambda: write(bad)):
        with pytest.raises(ModelError) as caught:
            await act()
        message = str(caught.value)
        assert message.endswith(".")
        assert "\n" not in message
    assert (await write(good)).text
    assert await engine_pid() == pid
    await good.close()
    await bad.close()


def _bad_model(folder: Path, kind: str) -> Path:
    path = folder / "model.gguf"
    whole = MODEL.read_bytes()
    match kind:
        case "directory":
            path.mkdir()
        case "fifo":
            os.mkfifo(path)
        case "zero":
            path.symlink_to("/dev/zero")
        case "empty":
            path.write_bytes(b"")
        case "text":
            path.write_text("<html>Please log in</html>")
        case "truncated":
            path.write_bytes(whole[: len(whole) // 2])
        case "architecture":
            path.write_bytes(whole.replace(b"llama", b"lamma"))
    return path


@pytest.mark.parametrize("seed", range(6))
async def test_e01_flipped_bits_never_cost_more_than_this_model(tmp_path: Path, seed: int) -> None:
    damaged = bytearray(MODEL.read_bytes())
    generator = random.Random(seed)  # noqa: S311  # reproducible damage, not a secret
    for _ in range(8):
        damaged[generator.randrange(2000)] ^= 1 << generator.randrange(8)
    path = tmp_path / "model.gguf"
    path.write_bytes(damaged)
    bad, good = LocalBackend(path), LocalBackend(MODEL)
    try:
        await write(bad)
    except CloisterError as error:
        assert str(error).endswith(".")  # noqa: PT017  # damage may also go unnoticed
    assert (await write(good)).text
    await bad.close()
    await good.close()
