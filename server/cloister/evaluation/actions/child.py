"""The process that runs what a model wrote: it gives up nearly everything, and only then begins.

Its folder is empty, and the only one that it can write to. It reaches no network and starts no
program. The kernel sees to that; where it does not, nothing runs. Reading stays free: what is read
can go nowhere.
"""

import json
import resource
import sys
from pathlib import Path

from cloister.engine.sandbox import IsolationLevel, lock_engine
from cloister.evaluation.actions.judging import judge

_MOST_CPU_SECONDS = 2
_MOST_MEMORY_BYTES = 1 << 30
_MOST_FILE_BYTES = 1 << 20


def main() -> None:
    """Read a job, be locked, judge it, and write the verdict to the file that the job names."""
    job = json.load(sys.stdin)
    folder = Path.cwd()
    _limit()
    unheld = _unheld(folder)
    verdict = {"unheld": unheld} if unheld else judge(job)
    (folder / job["answer"]).write_text(json.dumps(verdict), encoding="utf-8")


def _limit() -> None:
    for limit, most in (
        (resource.RLIMIT_CPU, _MOST_CPU_SECONDS),
        (resource.RLIMIT_AS, _MOST_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, _MOST_FILE_BYTES),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _unheld(folder: Path) -> str:
    """Lock this process; returns why that is not enough, or nothing."""
    isolation = lock_engine([folder])
    if isolation.level is not IsolationLevel.KERNEL:
        return isolation.reason
    outside = folder.parent / "outside"
    try:
        outside.touch()
    except OSError:
        return ""
    outside.unlink()
    return "The kernel lets it write outside of its folder."


if __name__ == "__main__":
    main()
