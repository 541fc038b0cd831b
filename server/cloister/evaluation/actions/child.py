"""The process that runs what a model wrote: it gives up nearly everything, and only then begins.

Its folder is empty, and the only one that it can write to. It reaches no network, and what a model
wrote starts no program. The kernel sees to that; where it does not, nothing runs. Reading stays
free: what is read can go nowhere.
"""

import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from cloister.engine.sandbox import IsolationLevel, lock_engine
from cloister.engine.sandbox.programs import forbid_children, lock_builder
from cloister.evaluation.actions.judging import judge

_MOST_CPU_SECONDS = 2
_MOST_MEMORY_BYTES = 1 << 30
_MOST_FILE_BYTES = 1 << 20
_MOST_BUILD_SECONDS = 10
_MOST_BUILD_MEMORY_BYTES = 1 << 31
_MOST_BUILT_BYTES = 1 << 24


def main() -> None:
    """Read a job, be locked, do it, and write the verdict to the file that the job names.

    A program takes this process's place; whoever started it sees how it ends.
    """
    job = json.load(sys.stdin)
    folder = Path.cwd()
    if "program" not in job:
        verdict = _judged(job, folder)
    elif not (verdict := _obstacle(job, folder)):
        _become(job)
    (folder / job["answer"]).write_text(json.dumps(verdict), encoding="utf-8")


def _judged(job: Mapping[str, str], folder: Path) -> Mapping[str, object]:
    """Return the verdict on a source in Python, which this process runs itself."""
    _limit(_MOST_CPU_SECONDS, _MOST_FILE_BYTES)
    _limit_to(resource.RLIMIT_AS, _MOST_MEMORY_BYTES)
    _limit_to(resource.RLIMIT_NPROC, 0)
    isolation = lock_engine([folder])
    held = isolation.level is IsolationLevel.KERNEL
    unheld = _unheld(folder) if held else isolation.reason
    return {"unheld": unheld} if unheld else judge(job)


def _obstacle(job: Mapping[str, Any], folder: Path) -> Mapping[str, object]:
    """Build the job's program; returns a verdict where it cannot be built, else nothing."""
    _limit(_MOST_BUILD_SECONDS, _MOST_BUILT_BYTES)
    _limit_to(resource.RLIMIT_DATA, _MOST_BUILD_MEMORY_BYTES)
    try:
        lock_builder(folder)
    except OSError as error:
        return {"unheld": f"The kernel has no lock for it ({error.strerror})."}
    if unheld := _unheld(folder):
        return {"unheld": unheld}
    (folder / job["filename"]).write_text(job["program"], encoding="utf-8")
    built = subprocess.run(job["build"], stdin=subprocess.DEVNULL, check=False)  # noqa: S603  # ours
    return {"parses": False, "problem": "does not compile"} if built.returncode else {}


def _become(job: Mapping[str, Any]) -> NoReturn:
    """Run the program in this process's place."""
    _limit(_MOST_CPU_SECONDS, _MOST_FILE_BYTES)
    _limit_to(resource.RLIMIT_DATA if job["reserves"] else resource.RLIMIT_AS, _MOST_MEMORY_BYTES)
    # The interpreter ignores it, and a program that writes too much would go on for ever.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    forbid_children()
    os.execvp(job["run"][0], job["run"])  # noqa: S606  # that there is no shell is wanted


def _limit(cpu_seconds: int, file_bytes: int) -> None:
    _limit_to(resource.RLIMIT_CPU, cpu_seconds)
    _limit_to(resource.RLIMIT_FSIZE, file_bytes)


def _limit_to(limit: int, most: int) -> None:
    resource.setrlimit(limit, (most, most))


def _unheld(folder: Path) -> str:
    """Return why a lock is not enough, or nothing."""
    outside = folder.parent / "outside"
    try:
        outside.touch()
    except OSError:
        return ""
    outside.unlink()
    return "The kernel lets it write outside of its folder."


if __name__ == "__main__":
    main()
