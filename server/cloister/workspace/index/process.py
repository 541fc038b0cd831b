"""The front-end's side: starts the index worker of a workspace, hears it, and starts it again.

The worker is a process of low priority that ends with this one, because its standard input closes.
A worker that dies is started again after a pause that doubles; after several deaths in a row it
stays off, and the index keeps answering with what it has.
"""

import asyncio
import logging
import os
import sys
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path

from cloister.workspace.index.messages import (
    Command,
    WorkerReport,
    WorkerState,
    report_from,
)
from cloister.workspace.index.read import Index

# Nothing else of the editor's environment reaches the worker.
_KEPT_VARIABLES = ("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "TMPDIR", "USER")
_KEPT_VARIABLES_OF_FOLDERS = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
_MOST_DEATHS = 5
_FIRST_PAUSE_SECONDS = 0.5
# One that lived this long was well.
_HEALTHY_SECONDS = 180.0
_PATIENCE_SECONDS = 2.0
_MOST_PATHS_PER_LINE = 500
_MOST_LINE_BYTES = 1_000_000

_log = logging.getLogger(__name__)


def worker_command(root: Path) -> list[str]:
    """Return the command that starts the worker of a workspace."""
    return [sys.executable, "-P", "-m", "cloister", "index", "--serve", str(root)]


class IndexService:
    """The index of one workspace and the worker that keeps it; make it where an event loop runs."""

    def __init__(
        self,
        root: Path,
        database: Path,
        command: Sequence[str] | None = None,
        first_pause_seconds: float = _FIRST_PAUSE_SECONDS,
    ) -> None:
        self.index = Index.open(database, root)
        self.progress = WorkerReport(WorkerState.STARTING)
        self.problem = ""
        self._listener: Callable[[WorkerReport], None] = lambda _report: None
        self._command = command or worker_command(root)
        self._first_pause_seconds = first_pause_seconds
        self._process: asyncio.subprocess.Process | None = None
        self._task = asyncio.create_task(self._keep_running(), name="index-worker")

    def changed(self, paths: Collection[str]) -> None:
        """Tell the worker of files that were saved or changed, by their paths below the root."""
        listed = list(paths)
        for start in range(0, len(listed), _MOST_PATHS_PER_LINE):
            self._send(Command(tuple(listed[start : start + _MOST_PATHS_PER_LINE])))

    def listen(self, listener: Callable[[WorkerReport], None]) -> None:
        """Tell `listener` what the worker reports from now on."""
        self._listener = listener

    async def close(self) -> None:
        """End the worker and close the index."""
        self._send(Command(stop=True))
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        self.index.close()

    async def _keep_running(self) -> None:
        n_deaths = 0
        while n_deaths < _MOST_DEATHS:
            started = time.monotonic()
            await self._run()
            n_deaths = 1 if time.monotonic() - started > _HEALTHY_SECONDS else n_deaths + 1
            _log.warning("the index worker ended (%d)", n_deaths)
            await asyncio.sleep(self._first_pause_seconds * 2.0 ** (n_deaths - 1))
        self.problem = (
            "The index of this workspace stays as it is, because its worker crashes; "
            "run `cloister index` to see why."
        )
        self._take(WorkerReport(WorkerState.OFF, problem=self.problem))

    async def _run(self) -> None:
        """Run a worker until it ends."""
        environment = {
            name: os.environ[name]
            for name in (*_KEPT_VARIABLES, *_KEPT_VARIABLES_OF_FOLDERS)
            if name in os.environ
        }
        try:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                cwd="/",
                env=environment,
                # Whoever interrupts the editor in its terminal does not mean the index.
                start_new_session=True,
                limit=_MOST_LINE_BYTES,
            )
        except OSError as error:
            _log.warning("the index worker does not start: %s", error.strerror)
            return
        try:
            await self._listen(self._process)
        finally:
            await self._end(self._process)

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            return
        with suppress(ValueError):
            while line := await process.stdout.readline():
                report = report_from(line)
                if report is not None:
                    self._take(report)

    def _take(self, report: WorkerReport) -> None:
        self.progress = report
        self.problem = report.problem or self.problem
        self._listener(report)

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        self._process = None
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _PATIENCE_SECONDS)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _send(self, command: Command) -> None:
        process = self._process
        if process is not None and process.stdin is not None and not process.stdin.is_closing():
            process.stdin.write(command.line().encode())
