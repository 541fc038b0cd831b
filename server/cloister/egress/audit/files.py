"""The files of the audit log: private to the user, locked while somebody writes."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cloister.egress.audit.records import MOST_LINE_BYTES
from cloister.settings.user_folders import UserFolders


@dataclass(frozen=True, slots=True)
class AuditFiles:
    """The names in the log's folder."""

    folder: Path

    @property
    def current(self) -> Path:
        """The log that is written to."""
        return self.folder / "audit.jsonl"

    @property
    def head(self) -> Path:
        """What the last record was."""
        return self.folder / "head.json"

    @property
    def lock(self) -> Path:
        """Held by who writes or verifies."""
        return self.folder / "lock"

    def archive(self, last_seq: int) -> Path:
        """Return the name of a full log; names sort as numbers do."""
        return self.folder / f"audit-{last_seq:012d}.jsonl"

    def logs(self) -> list[Path]:
        """Return all logs, oldest first."""
        logs = (*sorted(self.folder.glob("audit-*.jsonl")), self.current)
        return [path for path in logs if path.exists()]


def audit_folder(folders: UserFolders) -> Path:
    """Return where the audit log lies, or would lie."""
    return folders.state / "cloister" / "audit"


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open a log for reading; raises OSError, also for what is no regular file."""
    # O_NONBLOCK: opening a fifo must not wait for somebody to write to it.
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "the log is not a regular file")
        yield file


@contextmanager
def exclusively(files: AuditFiles) -> Iterator[None]:
    """Make the folder, and hold off everybody else who writes or verifies; raises OSError."""
    files.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = _open(files.lock, os.O_RDWR)
    try:
        # The lock goes with the descriptor, also when the process is killed.
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def write_at_end(path: Path, line: bytes) -> int:
    """Append a line and wait until the disk has it; returns the size in bytes.

    Raises OSError; the file then ends where it did before, as far as the disk allows.
    """
    if len(line) > MOST_LINE_BYTES:
        raise OSError(errno.EFBIG, "the record is too long")
    is_new = not path.exists()
    descriptor = _open(path, os.O_WRONLY | os.O_APPEND)
    try:
        size_bytes = os.fstat(descriptor).st_size
        try:
            _write_all(descriptor, line)
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size_bytes)
            raise
    finally:
        os.close(descriptor)
    if is_new:
        _sync_folder(path.parent)
    return size_bytes + len(line)


def replace(path: Path, contents: bytes) -> None:
    """Give a file new contents, all at once; raises OSError."""
    beside = path.with_suffix(".new")
    descriptor = _open(beside, os.O_WRONLY | os.O_TRUNC)
    try:
        _write_all(descriptor, contents)
    finally:
        os.close(descriptor)
    beside.rename(path)


def _open(path: Path, flags: int) -> int:
    return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _write_all(descriptor: int, data: bytes) -> None:
    # What a full disk has no room for is not written, without an error.
    if os.write(descriptor, data) != len(data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
