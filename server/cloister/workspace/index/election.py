"""One process writes an index: whoever holds the lock, until it ends, however it ends."""

import fcntl
import os
from pathlib import Path


def try_to_become_writer(folder: Path) -> int | None:
    """Return the descriptor that holds the lock, None when another process has it.

    The folder is made, for this user only. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(folder / "writer.lock", flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
