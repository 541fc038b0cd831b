"""An engine that gets no memory any more ends, whatever it was doing, and leaves nothing behind."""

import asyncio
import resource
import signal
import sys
from asyncio.subprocess import PIPE, Process

import pytest

from cloister.engine.client import EngineClient
from cloister.engine.paths import engine_paths
from support.engine_process import private_engine

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="limits of others are set on Linux only"
)


async def started(*words: str) -> Process:
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE)
    assert process.stdout is not None
    assert b"listening" in await process.stdout.readline()
    return process


async def test_it_ends_when_its_last_client_has_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    async with private_engine(monkeypatch):
        process = await started("-m", "cloister", "engine", "run", "--idle-seconds", "0")
        client = await EngineClient.connect(engine_paths().socket)
        resource.prlimit(process.pid, resource.RLIMIT_AS, (2**20, resource.RLIM_INFINITY))
        await client.close()
        # No thread can be started any more, which the end of an event loop needs.
        assert await process.wait() == 1
        assert not engine_paths().socket.exists()


async def test_the_kernel_ends_one_whose_loop_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    code = """
import asyncio, sys, time
from cloister.engine import host, process
host._STALL_SECONDS = 0
_serve = process._serve
async def serve(*arguments):
    asyncio.get_running_loop().call_later(0.1, time.sleep, 3600)
    return await _serve(*arguments)
process._serve = serve
host.Host._watch = lambda self, _file: asyncio.sleep(host._let_the_kernel_watch() or 3600)
process.run_engine(60.0, require_isolation=False, foreground=True)
"""
    async with private_engine(monkeypatch):
        process = await started("-c", code)
        assert await process.wait() == -signal.SIGALRM
