"""What a worker says is awaited, and one that cannot work ends the run with a sentence."""

import sys
from asyncio.subprocess import PIPE, create_subprocess_exec

import pytest

from bench.index.running_worker import RunningWorker
from cloister.workspace.index.messages import WorkerReport, WorkerState
from development.terminal import SetupError

INDEXING = WorkerReport(WorkerState.INDEXING, 1, 2)
READY = WorkerReport(WorkerState.READY, files=2)


async def worker_that_says(*reports: WorkerReport) -> RunningWorker:
    text = "".join(report.line() for report in reports)
    command = [sys.executable, "-c", f"print({text!r}, end='', flush=True); input()"]
    return RunningWorker(await create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE))


async def test_everything_is_heard_until_the_index_is_ready() -> None:
    worker = await worker_that_says(INDEXING, INDEXING, READY)
    heard: list[WorkerReport] = []
    await worker.ready(heard.append)
    await worker.end()
    assert heard == [INDEXING, INDEXING, READY]


async def test_silence_is_no_trouble() -> None:
    worker = await worker_that_says(READY)
    await worker.ready()
    await worker.quiet(0.01)
    worker.changed(["the line that it waits for"])
    with pytest.raises(SetupError, match="ended"):
        await worker.quiet(60.0)
    await worker.end()


@pytest.mark.parametrize(
    ("reports", "sentence"),
    [
        ([WorkerReport(WorkerState.READY, problem="No room.")], "No room."),
        ([INDEXING, WorkerReport(WorkerState.INDEXING, problem="No watch.")], "No watch."),
    ],
)
async def test_trouble_ends_the_run(reports: list[WorkerReport], sentence: str) -> None:
    worker = await worker_that_says(*reports)
    with pytest.raises(SetupError, match=sentence):
        await worker.ready()
    await worker.end()
