"""Index workers as the editor starts them, and what they report."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cloister.settings.user_folders import UserFolders
from cloister.workspace.index.location import index_database
from cloister.workspace.index.messages import Command, WorkerReport, WorkerState, report_from
from cloister.workspace.index.process import worker_command
from cloister.workspace.index.read import Index

_SERVER = Path(__file__).resolve().parents[2] / "server"


def environment(cache: Path) -> dict[str, str]:
    """Return an environment in which everything goes into this cache folder."""
    return os.environ | {"XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(_SERVER)}


def database_of(root: Path, cache: Path) -> Path:
    """Return where a worker keeps the index of `root` then."""
    return index_database(root, UserFolders(cache, {"XDG_CACHE_HOME": str(cache)}))


class RunningWorker:
    """A worker process; its reports are waited for, so nothing here needs a clock."""

    def __init__(self, process: "subprocess.Popen[bytes]", index: Index) -> None:
        self.process = process
        self.index = index

    def next_report(self) -> WorkerReport:
        """Return the next report; fails when the worker has ended."""
        assert self.process.stdout is not None
        report = report_from(self.process.stdout.readline())
        assert report is not None, "the worker ended"
        return report

    def until(self, *states: WorkerState) -> WorkerReport:
        """Return the next report of one of these states."""
        while (report := self.next_report()).state not in states:
            pass
        return report

    def until_known(self, name: str) -> None:
        """Wait until a definition of this name is in the index."""
        while not self.index.symbols_named([name], 1):
            self.until(WorkerState.READY)

    def send(self, command: Command) -> None:
        """Send a command."""
        assert self.process.stdin is not None
        self.process.stdin.write(command.line().encode())
        self.process.stdin.flush()

    def leave(self) -> int:
        """Close the pipe, as an editor that dies does, and return the exit code."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait()


@contextmanager
def worker(
    root: Path, cache: Path, command: Sequence[str] | None = None
) -> Iterator[RunningWorker]:
    """Run a worker; it is killed if it does not end by itself."""
    process = subprocess.Popen(
        command or worker_command(root),
        env=environment(cache),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
    )
    index = Index.open(database_of(root, cache), root)
    with process:
        try:
            yield RunningWorker(process, index)
        finally:
            process.kill()
            index.close()
