"""Reads small files that somebody else wrote: bounded, regular files only, never waiting."""

import errno
import os
import stat
from pathlib import Path

_MAX_BYTES = 1024 * 1024


def read_small_file(path: Path) -> bytes:
    """Return the contents; raises OSError, also for special files and for more than 1 MiB."""
    # O_NONBLOCK: opening a fifo must not wait for somebody to write to it.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file")
        data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise OSError(errno.EFBIG, "it is larger than 1 MB")
    return data
