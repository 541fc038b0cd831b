"""A real index worker, spoken to as the front-end does; its reports are awaited one by one."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from cloister.workspace.index.messages import Command, WorkerReport, WorkerState, report_from
from cloister.workspace.index.process import worker_command
from development.terminal import SetupError

_PATIENCE_SECONDS = 600.0
_END_SECONDS = 10.0

OnReport = Callable[[WorkerReport], None]


class RunningWorker:
    """The worker behind a pair of pipes."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def report(self, patience_seconds: float = _PATIENCE_SECONDS) -> WorkerReport:
        """Return the next report; raises TimeoutError, and SetupError once it cannot work."""
        stdout = self._process.stdout
        line = await asyncio.wait_for(stdout.readline(), patience_seconds) if stdout else b""
        report = report_from(line)
        if report is None:
            raise SetupError("The index worker ended; run `cloister index` to see why.")
        if report.problem:
            raise SetupError(report.problem)
        return report

    async def ready(self, on_report: OnReport = lambda _report: None) -> None:
        """Wait until the index is up to date; `on_report` hears of everything on the way."""
        while True:
            report = await self.report()
            on_report(report)
            if report.state is WorkerState.READY:
                return

    async def quiet(self, seconds: float) -> None:
        """Wait until nothing was reported for some time."""
        with suppress(TimeoutError):
            while True:
                await self.report(seconds)

    def changed(self, paths: Collection[str]) -> None:
        """Say that files were saved."""
        self._send(Command(tuple(paths)))

    async def end(self) -> None:
        """End the worker, kindly if it lets us."""
        self._send(Command(stop=True))
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.communicate(), _END_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def _send(self, command: Command) -> None:
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(command.line().encode())


@asynccontextmanager
async def running_worker(root: Path, cache: Path) -> AsyncIterator[RunningWorker]:
    """Start the worker of a workspace with a cache folder of its own."""
    process = await asyncio.create_subprocess_exec(
        *worker_command(root),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        cwd="/",
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
    )
    worker = RunningWorker(process)
    try:
        yield worker
    finally:
        await worker.end()
