"""There is one engine per user: whoever holds the lock may listen on the socket."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from cloister.core.errors import BackendUnavailableError
from cloister.engine.paths import EnginePaths

_BACKLOG = 64
_POLL_SECONDS = 0.02
_PATIENCE_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class SocketFile:
    """The file of a listening socket: somebody may remove it, and somebody else make another."""

    path: Path
    device: int
    inode: int

    @classmethod
    def at(cls, path: Path) -> "SocketFile":
        """Return the file that is at `path` now; raises OSError when there is none."""
        facts = path.stat()
        return cls(path, facts.st_dev, facts.st_ino)

    def exists(self) -> bool:
        """Return whether clients who look for the path still find this very file."""
        try:
            return SocketFile.at(self.path) == self
        except OSError:
            return False

    def remove(self) -> None:
        """Remove the file, unless it is another one by now."""
        if self.exists():
            self.path.unlink(missing_ok=True)


class AlreadyRunningError(Exception):
    """Another engine listens on the socket."""


def claim_socket(paths: EnginePaths) -> socket.socket:
    """Become the one engine and return the listening socket; the lock lasts as long as the process.

    Raises AlreadyRunningError when another engine serves, BackendUnavailableError when one holds
    the lock without serving, or the socket cannot be made.
    """
    descriptor = _open_lock(paths.instance_lock)
    deadline = monotonic() + _PATIENCE_SECONDS
    # The holder may be just starting or just ending: only a moment decides which.
    while not _try_lock(descriptor):
        if is_listening(paths.socket):
            raise AlreadyRunningError
        if monotonic() >= deadline:
            raise BackendUnavailableError(
                "Another engine is running but does not answer; run `cloister engine stop`."
            )
        sleep(_POLL_SECONDS)
    try:
        return _listen(paths.socket)
    except OSError as error:
        raise BackendUnavailableError(
            f"The socket {paths.socket} cannot be made ({error.strerror}); free space or remove it."
        ) from error


def is_listening(path: Path) -> bool:
    """Return whether a process accepts connections at `path`."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(str(path))
        except BlockingIOError:
            # The backlog is full, so somebody does listen.
            return True
        except OSError:
            return False
    return True


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`; raises BackendUnavailableError after 20 seconds of waiting."""
    descriptor = _open_lock(path)
    try:
        deadline = monotonic() + _PATIENCE_SECONDS
        while not _try_lock(descriptor):
            if monotonic() >= deadline:
                raise BackendUnavailableError(
                    "Another window has been starting the engine for too long; try again."
                )
            sleep(_POLL_SECONDS)
        yield
    finally:
        os.close(descriptor)


def _listen(path: Path) -> socket.socket:
    # What lies there is left over from an engine that was killed: the lock is ours.
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(_BACKLOG)
    return listener


def _open_lock(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise BackendUnavailableError(
            f"The lock file {path} cannot be opened ({error.strerror}); free space or remove it."
        ) from error


def _try_lock(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
