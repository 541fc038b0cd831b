"""Kills, removed files, races and updates around the real engine: one answer each, then normal."""

import asyncio
import json
import os
import shutil
import signal
import struct
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from cloister import __version__
from cloister.backends.local import LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.errors import BackendUnavailableError, ModelError, PassingError
from cloister.core.generation import Chunk, Generation, GenerationRequest, Priority
from cloister.engine import host as host_module
from cloister.engine.client import EngineClient
from cloister.engine.paths import engine_paths, prepare_directory
from cloister.engine.supervision import MAX_RESTARTS, Supervisor, wait_seconds
from support.engine_host import serving
from support.engine_process import MODEL, engine_pid, exit_of, infill

pytestmark = [pytest.mark.model, pytest.mark.usefixtures("engine_home")]

BODY = "".join(f"def function_{n}(argument):\n    return argument + {n}\n\n\n" for n in range(8))
QUICK = GenerationRequest(infill("import o", "\n"), 4, document="quick.py")
SLOW = GenerationRequest(infill(BODY, "\n"), 400, priority=Priority.ACTION, document="slow.py")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def more(_chunk: Chunk) -> bool:
    return False


async def write(backend: LocalBackend, request: GenerationRequest = QUICK) -> Generation:
    return await backend.generate(request, more, CancelToken())


async def killed_while_it_loads(backend: LocalBackend) -> None:
    begun = asyncio.Event()
    backend._on_loading = lambda _fraction: begun.set()
    loading = asyncio.create_task(backend.describe())
    await begun.wait()
    await killed_during(loading)


async def killed_while_it_reads(backend: LocalBackend) -> None:
    await backend.describe()
    writing = asyncio.create_task(write(backend, SLOW))
    # The engine answers in order, so it has the request when it has answered this one.
    client = await EngineClient.connect(engine_paths().socket)
    await client.status()
    await client.close()
    await killed_during(writing)


async def killed_while_it_writes(backend: LocalBackend) -> None:
    begun = asyncio.Event()

    def begin(_chunk: Chunk) -> bool:
        begun.set()
        return False

    writing = asyncio.create_task(backend.generate(SLOW, begin, CancelToken()))
    await begun.wait()
    await killed_during(writing)


async def killed_during(request: "asyncio.Task[object]") -> None:
    pid = await engine_pid()
    os.kill(pid, signal.SIGKILL)
    with pytest.raises(PassingError, match="the next one starts it again"):
        await request
    await exit_of(pid)


@pytest.mark.parametrize(
    "kill", [killed_while_it_loads, killed_while_it_reads, killed_while_it_writes]
)
async def test_e03_six_kills_in_a_row_end_in_one_sentence_and_a_restart_begins_anew(
    kill: Callable[[LocalBackend], Awaitable[None]],
) -> None:
    clock = Clock()
    supervisor = Supervisor(clock)
    for n_deaths in range(1, MAX_RESTARTS + 2):
        # A model that dies while it loads is blamed after two; as if it were another one each time.
        backend = LocalBackend(MODEL, supervisor=supervisor)
        await kill(backend)
        if 1 < n_deaths <= MAX_RESTARTS:
            with pytest.raises(PassingError, match="in a few seconds"):
                await write(backend)
        clock.now += wait_seconds(n_deaths)
        await backend.close()
    off = LocalBackend(MODEL, supervisor=supervisor)
    with pytest.raises(BackendUnavailableError, match=r"is off now; .* restart the editor"):
        await write(off)
    await off.close()
    restarted = LocalBackend(MODEL)
    assert (await write(restarted)).text
    await restarted.close()


async def test_a_kill_costs_nothing_in_the_windows_that_asked_for_nothing() -> None:
    idle_supervisor = Supervisor()
    busy, idle = LocalBackend(MODEL), LocalBackend(MODEL, supervisor=idle_supervisor)
    expected = (await write(idle)).text
    await killed_while_it_writes(busy)
    assert (await write(idle)).text == expected
    assert idle_supervisor.deaths == ()
    await busy.close()
    await idle.close()


async def changed_while_it_writes(
    backend: LocalBackend, change: Callable[[], object]
) -> Generation:
    changed = False

    def change_once(_chunk: Chunk) -> bool:
        nonlocal changed
        if not changed:
            changed = True
            change()
        return False

    return await backend.generate(SLOW, change_once, CancelToken())


async def test_e02_a_file_replaced_or_removed_while_it_is_in_use_changes_nothing_in_the_answer(
    tmp_path: Path,
) -> None:
    path, new = tmp_path / "model.gguf", tmp_path / "new.gguf"
    shutil.copy(MODEL, path)
    shutil.copy(MODEL, new)
    fractions: list[float] = []
    backend = LocalBackend(path, on_loading=fractions.append)
    expected = (await write(backend, SLOW)).text
    replaced = await changed_while_it_writes(backend, lambda: new.replace(path))
    assert replaced.text == expected
    fractions.clear()
    removed = await changed_while_it_writes(backend, path.unlink)
    assert removed.text == expected
    assert fractions[-1] == 1.0
    pid = await engine_pid()
    with pytest.raises(ModelError, match="There is no model file"):
        await write(backend)
    assert await engine_pid() == pid
    await backend.close()


async def test_a_file_emptied_while_it_is_in_use_costs_one_request_at_most(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    shutil.copy(MODEL, path)
    good, bad = LocalBackend(MODEL), LocalBackend(path)
    expected = (await write(good)).text
    pid = await engine_pid()
    try:
        await changed_while_it_writes(bad, lambda: path.write_bytes(b""))
    except PassingError:
        # The kernel ends a process that reads what is no longer there.
        await exit_of(pid)
    assert (await write(good)).text == expected
    with pytest.raises(ModelError, match="not a usable GGUF"):
        await write(bad)
    await good.close()
    await bad.close()


def _write_large_model(path: Path) -> None:
    """Write a sound header before more weights than any machine has memory for; they are a hole."""
    n_weights = 2**40

    def text(value: str) -> bytes:
        return struct.pack("<Q", len(value)) + value.encode()

    header = b"".join(
        (
            b"GGUF" + struct.pack("<IQQ", 3, 1, 2),
            text("general.architecture") + struct.pack("<I", 8) + text("llama"),
            text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 1) + text("a"),
            text("output.weight") + struct.pack("<IQIQ", 1, n_weights, 0, 0),
        )
    )
    path.write_bytes(header)
    os.truncate(path, len(header) + 32 + 4 * n_weights)


async def test_e05_a_model_larger_than_memory_is_one_sentence_and_the_engine_lives(
    tmp_path: Path,
) -> None:
    path = tmp_path / "large.gguf"
    _write_large_model(path)
    good, large = LocalBackend(MODEL), LocalBackend(path)
    await write(good)
    pid = await engine_pid()
    with pytest.raises(ModelError, match=r"needs 4398\.0 GB of memory and .* choose a smaller"):
        await large.describe()
    assert (await write(good)).text
    assert await engine_pid() == pid
    await good.close()
    await large.close()


async def test_an_engine_whose_socket_was_removed_makes_room_for_another() -> None:
    first, second = LocalBackend(MODEL), LocalBackend(MODEL)
    expected = (await write(first)).text
    pid = await engine_pid()
    engine_paths().socket.unlink()
    assert (await write(second)).text == expected
    assert await engine_pid() != pid
    await exit_of(pid)
    assert (await write(first)).text == expected
    assert engine_paths().log.read_text().count("its socket was removed") == 1
    await first.close()
    await second.close()


async def test_of_engines_that_start_together_one_remains() -> None:
    command = (sys.executable, "-m", "cloister", "engine", "run")
    engines = [
        await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
        )
        for _ in range(4)
    ]
    for engine in engines:
        assert engine.stdout is not None
        assert json.loads(await engine.stdout.readline())["listening"] is True
    pid = await engine_pid()
    others = [engine for engine in engines if engine.pid != pid]
    assert len(others) == 3
    assert [await engine.wait() for engine in others] == [0, 0, 0]
    (remaining,) = [engine for engine in engines if engine.pid == pid]
    remaining.terminate()
    assert await remaining.wait() == 0


async def test_an_older_engine_is_replaced_and_its_windows_notice_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prepare_directory(engine_paths())
    monkeypatch.setattr(host_module, "__version__", "0.0.1")
    supervisor = Supervisor()
    async with serving(engine_paths().socket) as old_engine:
        window = LocalBackend(MODEL, supervisor=supervisor)
        window._link._has_asked_to_retire = True  # as an older window, which asks for nothing
        expected = (await write(window)).text
        newer = LocalBackend(MODEL)
        assert (await write(newer)).text == expected
        assert await old_engine == "a newer version takes over"
        assert (await write(window)).text == expected
        client = await EngineClient.connect(engine_paths().socket)
        assert client.engine_version == __version__
        assert (await client.status()).pid != os.getpid()
        await client.close()
        assert supervisor.deaths == ()
        await window.close()
        await newer.close()


async def test_an_update_to_another_protocol_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        updated = Path(folder) / "python"
        report = json.dumps({"listening": True, "problem": "", "protocol": 999, "news": 1})
        updated.write_text(f"#!/bin/sh\necho '{report}'\n")
        updated.chmod(0o700)
        monkeypatch.setattr("sys.executable", str(updated))
        backend = LocalBackend(MODEL)
        with pytest.raises(
            BackendUnavailableError, match=r"was updated while .* restart the editor"
        ):
            await write(backend)
        await backend.close()
