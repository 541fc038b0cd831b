"""Puts this process behind everything that somebody waits for."""

import ctypes
import os
import platform
import sys
from contextlib import suppress

_NICENESS = 10
# ioprio_set by machine; the class "idle" reads when nobody else does.
_IOPRIO_SET = {"x86_64": 251, "aarch64": 30}
_THIS_PROCESS = 1
_IDLE_CLASS = 3 << 13


def stand_in_line() -> None:
    """Lower this process's priority for processors and disks, and that of its children."""
    with suppress(OSError):
        os.nice(_NICENESS)
    number = _IOPRIO_SET.get(platform.machine())
    if sys.platform == "linux" and number is not None:
        # Where it is refused, disks are shared as usual.
        ctypes.CDLL(None).syscall(number, _THIS_PROCESS, 0, _IDLE_CLASS)
