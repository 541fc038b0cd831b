"""A private engine for one test: its own runtime directory, and nothing left behind."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from cloister.core.prompt import Prompt, SegmentRole, marker, plain
from cloister.engine.client import EngineClient
from cloister.engine.exchange import EngineGoneError
from cloister.engine.instance import exclusive
from cloister.engine.paths import engine_paths

MODEL = (
    Path(__file__).resolve().parents[2]
    / "server/cloister/models/bundled/cloister-starter-v0.q8_0.gguf"
)
MODEL_SHA256 = "9bafc8bf12af06384360ffd49aeb35adf3087ced954c94bb677d642c436126c5"


def infill(prefix: str, suffix: str, path: str = "sample.py") -> Prompt:
    """Return the prompt in the order in which the bundled model was trained to infill."""
    role = SegmentRole
    return Prompt(
        (
            marker(role.HEAD, "<|file_sep|>"),
            plain(role.HEAD, f"{path}\n"),
            marker(role.SUFFIX, "<|fim_suffix|>"),
            plain(role.SUFFIX, suffix),
            marker(role.PREFIX, "<|fim_prefix|>"),
            plain(role.PREFIX, prefix),
            marker(role.CUE, "<|fim_middle|>"),
        )
    )


@asynccontextmanager
async def private_engine(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Path]:
    """Point all engine paths at a new directory and end its engine afterwards.

    Not under pytest's own temporary directory: a socket's path may have 108 bytes.
    """
    with tempfile.TemporaryDirectory(prefix="cl") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        monkeypatch.setenv("XDG_STATE_HOME", folder)
        monkeypatch.setenv("XDG_CACHE_HOME", folder)
        try:
            yield Path(folder)
        finally:
            await stop_engine()


async def stop_engine() -> None:
    """End the engine of the current environment, if there is one, and return when it has ended."""
    paths = engine_paths()
    with suppress(OSError, EngineGoneError):
        client = await EngineClient.connect(paths.socket, hang_seconds=2.0)
        try:
            await client.stop_engine()
        finally:
            await client.close()
    # An engine that does not listen any more may still write down what it learned.
    if paths.instance_lock.exists():
        await asyncio.to_thread(_take, paths.instance_lock)


def _take(lock: Path) -> None:
    with exclusive(lock):
        pass


async def engine_pid() -> int:
    """Return the pid of the engine that is running now."""
    client = await EngineClient.connect(engine_paths().socket)
    try:
        return (await client.status()).pid
    finally:
        await client.close()


async def exit_of(pid: int) -> None:
    """Return when process `pid` has ended."""
    with suppress(ProcessLookupError):
        descriptor = os.pidfd_open(pid)
        try:
            ended = asyncio.Event()
            asyncio.get_running_loop().add_reader(descriptor, ended.set)
            await ended.wait()
        finally:
            asyncio.get_running_loop().remove_reader(descriptor)
            os.close(descriptor)
