"""Folders that must not outlive their process, whatever ends it: they hold text of the user.

A process holds a lock on its own folder as long as it lives. A folder that nobody holds is what a
killed process left, and the next one that comes takes it away.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

_PREFIX = "held-"


@contextmanager
def short_lived_folder(place: Path) -> Iterator[Path]:
    """Make a folder below `place`, which only the user enters, and remove it in the end.

    Takes away what others left there. Raises OSError when it cannot be made.
    """
    place.mkdir(mode=0o700, exist_ok=True)
    with _alone_in(place):
        _remove_abandoned(place)
        folder = Path(mkdtemp(prefix=_PREFIX, dir=place))
        held = _held(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def remove_abandoned(place: Path) -> None:
    """Take away the folders below `place` whose processes are gone; raises OSError."""
    if place.is_dir():
        with _alone_in(place):
            _remove_abandoned(place)


@contextmanager
def _alone_in(place: Path) -> Iterator[None]:
    """Hold off others who make or remove folders: one that is made is not held at once."""
    descriptor = _opened(place)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove_abandoned(place: Path) -> None:
    for folder in place.glob(f"{_PREFIX}*"):
        # Somebody alive holds it, or it is none of ours.
        with suppress(OSError):
            descriptor = _held(folder)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(descriptor)


def _held(folder: Path) -> int:
    descriptor = _opened(folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _opened(folder: Path) -> int:
    # The lock goes with the descriptor, also when the process is killed.
    return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
