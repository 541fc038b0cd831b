"""Small files in a folder that nobody but the user enters: written whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_private(path: Path, data: bytes) -> None:
    """Write a file that only the user reads, and its folder; it is on the disk on return.

    Raises OSError.
    """
    _make_private(path.parent)
    descriptor, name = tempfile.mkstemp(prefix=".new-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


def _make_private(folder: Path) -> None:
    # `mkdir` with its parents would give them the mode of everybody else's folders.
    if not folder.is_dir():
        _make_private(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
