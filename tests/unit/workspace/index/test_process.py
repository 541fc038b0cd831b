"""The front-end's side: workers are started, heard, and started again, but not for ever."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cloister.workspace.index.messages import WorkerReport, WorkerState
from cloister.workspace.index.process import IndexService
from support.index_worker import database_of
from support.indexed import PACKAGE, plant

COUNT_AND_DIE = "import sys; open(sys.argv[1], 'a').write('x'); sys.exit(1)"
COUNT_AND_WAIT = (
    "import sys; open(sys.argv[1], 'a').write('x'); print('noise', flush=True);"
    'print(\'{"state": "ready", "done": 0, "total": 0, "files": 7, "problem": ""}\','
    "flush=True); sys.stdin.read(); open(sys.argv[1], 'a').write('end')"
)
DEAF = (
    'import time; print(\'{"state": "ready", "done": 0, "total": 0, "files": 0,'
    ' "problem": ""}\', flush=True); time.sleep(600)'
)


SAY_SESSION = (
    'import os, sys; print(\'{"state": "ready", "done": 0, "total": 0, "files": %d,'
    ' "problem": ""}\' % os.getsid(0), flush=True); sys.stdin.read()'
)


class Listening:
    """A service whose reports can be waited for."""

    def __init__(self, root: Path, database: Path, command: list[str] | None = None) -> None:
        self.reports: asyncio.Queue[WorkerReport] = asyncio.Queue()
        self.service = IndexService(root, database, command, first_pause_seconds=0.0)
        self.service.listen(self.reports.put_nowait)

    async def until(self, state: WorkerState) -> WorkerReport:
        while (report := await self.reports.get()).state is not state:
            pass
        return report


@asynccontextmanager
async def listening(folder: Path, script: str) -> AsyncIterator[Listening]:
    command = [sys.executable, "-c", script, str(folder / "log")]
    running = Listening(folder, folder / "index.sqlite", command)
    try:
        yield running
    finally:
        await running.service.close()


async def test_a_worker_that_dies_is_started_again_a_few_times(tmp_path: Path) -> None:
    async with listening(tmp_path, COUNT_AND_DIE) as running:
        await running.until(WorkerState.OFF)
        assert (tmp_path / "log").read_text() == "xxxxx"
        assert "cloister index" in running.service.problem
        running.service.changed(["a.py"])


async def test_a_worker_that_cannot_start_is_a_problem_too(tmp_path: Path) -> None:
    running = Listening(tmp_path, tmp_path / "index.sqlite", ["/nowhere"])
    await running.until(WorkerState.OFF)
    await running.service.close()


async def test_reports_are_heard_and_noise_is_not(tmp_path: Path) -> None:
    async with listening(tmp_path, COUNT_AND_WAIT) as running:
        await running.until(WorkerState.READY)
        assert running.service.progress.files == 7
        running.service.changed(["a.py"] * 2000)
    assert (tmp_path / "log").read_text() == "xend"


async def test_who_interrupts_the_editor_does_not_reach_the_worker(tmp_path: Path) -> None:
    async with listening(tmp_path, SAY_SESSION) as running:
        assert (await running.until(WorkerState.READY)).files != os.getsid(0)


async def test_one_that_does_not_listen_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloister.workspace.index.process._PATIENCE_SECONDS", 0.05)
    async with listening(tmp_path, DEAF) as running:
        await running.until(WorkerState.READY)


async def test_a_real_worker_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "root"
    plant(root, PACKAGE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    running = Listening(root, database_of(root, tmp_path))
    await running.until(WorkerState.READY)
    index = running.service.index
    assert index.symbols_named(["Item"], 5) != []
    plant(root, {"shop/model.py": "def edited(): pass\n"})
    running.service.changed(["shop/model.py"])
    while not index.symbols_named(["edited"], 5):
        await running.until(WorkerState.READY)
    await running.service.close()
