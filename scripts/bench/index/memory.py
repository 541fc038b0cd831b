"""How much memory a process and its descendants have; what they share counts once (PSS)."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def family_bytes() -> int | None:
    """Return the memory of this process and all below it; None where the system is not Linux."""
    if sys.platform != "linux":
        return None
    return sum(_bytes(pid) for pid in _family(os.getpid()))


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        for child in children:
            yield from _family(int(child))


def _bytes(pid: int) -> int:
    """Return a process's share; all that is resident when the system keeps the shares a secret."""
    folder = Path(f"/proc/{pid}")
    with suppress(OSError, StopIteration):
        lines = (folder / "smaps_rollup").read_text(encoding="ascii").splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    with suppress(OSError):
        pages = int((folder / "statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    # It has ended in the meantime.
    return 0
