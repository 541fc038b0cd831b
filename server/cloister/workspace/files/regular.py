"""Reading regular files and nothing else: a FIFO would block, a device would never end."""

import errno
import os
import stat


def read_regular(path: str, most_bytes: int) -> tuple[bytes, os.stat_result]:
    """Return the first bytes of a regular file and what the system says of it.

    Raises OSError for anything else, also for a symbolic link.
    """
    with open(path, "rb", opener=_open_at_once) as file:
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        return file.read(most_bytes), found


def _open_at_once(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
