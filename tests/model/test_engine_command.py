"""`cloister engine` as a person uses it."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from cloister.backends.local import LocalBackend
from cloister.engine.graphics import idle_graphics_hint
from cloister.engine.wire import PROTOCOL_VERSION
from support.engine_process import MODEL, engine_pid, exit_of

pytestmark = [pytest.mark.model, pytest.mark.usefixtures("engine_home")]


async def cloister(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "cloister", "engine", *arguments]
    run = partial(subprocess.run, command, capture_output=True, text=True, check=False)
    return await asyncio.to_thread(run)


async def test_nothing_running_is_fine() -> None:
    status = await cloister("status")
    assert (status.returncode, status.stderr) == (0, "")
    assert status.stdout.startswith("The engine is not running; the next completion starts it.\n")
    facts = json.loads((await cloister("status", "--json")).stdout)
    assert facts == {"running": False, "graphics_hint": idle_graphics_hint()}
    stop = await cloister("stop")
    assert (stop.returncode, stop.stdout) == (0, "The engine is not running.\n")
    assert json.loads((await cloister("stop", "--json")).stdout) == {"stopped": False}


async def test_status_tells_what_runs() -> None:
    backend = LocalBackend(MODEL)
    await backend.count_tokens(["x"])
    pid = await engine_pid()
    text = (await cloister("status")).stdout
    assert f"The engine is running (pid {pid}, version " in text
    assert "  models     cloister-starter-v0" in text
    assert "  clients    1\n" in text
    facts = json.loads((await cloister("status", "--json")).stdout)
    assert facts["running"] is True
    assert facts["pid"] == pid
    (model,) = facts["models"]
    assert (model["path"], model["name"]) == (str(MODEL), "cloister-starter-v0")
    assert model["context_tokens"] == 1024
    assert facts["resident_bytes"] > MODEL.stat().st_size
    assert facts["finished_requests"] == 1
    assert facts["isolation"] in {"kernel", "audit"}
    await backend.close()


async def test_stop_ends_it() -> None:
    backend = LocalBackend(MODEL)
    await backend.count_tokens(["x"])
    pid = await engine_pid()
    assert (await cloister("stop")).stdout == "The engine is stopped.\n"
    await exit_of(pid)
    await backend.close()


async def test_a_hung_engine_is_killed_by_stop() -> None:
    backend = LocalBackend(MODEL)
    await backend.count_tokens(["x"])
    pid = await engine_pid()
    os.kill(pid, signal.SIGSTOP)
    stop = await cloister("stop")
    assert (stop.returncode, stop.stderr) == (0, "")
    assert stop.stdout == "The engine is stopped.\n"
    await exit_of(pid)
    await backend.close()


async def test_status_of_a_hung_engine_is_one_sentence() -> None:
    backend = LocalBackend(MODEL)
    await backend.count_tokens(["x"])
    os.kill(await engine_pid(), signal.SIGSTOP)
    status = await cloister("status")
    assert (status.returncode, status.stdout) == (1, "")
    assert "did not answer" in status.stderr
    assert status.stderr.count("\n") == 1
    await backend.close()


async def test_a_directory_that_others_may_enter_is_one_sentence(engine_home: Path) -> None:
    (engine_home / "cloister").mkdir(mode=0o755)
    status = await cloister("status")
    assert status.returncode == 1
    assert status.stdout == ""
    assert "open to other users" in status.stderr
    assert status.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [(), ("dance",), ("run", "--idle-seconds", "-1"), ("run", "--idle-seconds", "x")]
)
async def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    wrong = await cloister(*arguments)
    assert wrong.returncode == 2
    assert "usage: cloister engine" in wrong.stderr


async def test_a_second_engine_leaves_it_to_the_first() -> None:
    backend = LocalBackend(MODEL)
    await backend.count_tokens(["x"])
    second = await cloister("run")
    assert second.returncode == 0
    assert json.loads(second.stdout) == {
        "listening": True,
        "problem": "",
        "protocol": PROTOCOL_VERSION,
    }
    await backend.close()
