"""Appends to the audit log: one writer at a time, on the disk before it returns.

A full log is kept under the number of its last record, and the chain goes on in the next. A line
that a crash cut off was never acknowledged, so nothing left on its account; it is taken out.
"""

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cloister.core.errors import ProtocolError
from cloister.egress.audit.files import AuditFiles, exclusively, opened, replace, write_at_end
from cloister.egress.audit.records import (
    Event,
    Head,
    head_text,
    line_of,
    line_sha256,
    parse_head,
    parse_line,
)
from cloister.settings.small_file import read_small_file

_MOST_LOG_BYTES = 16 * 1024 * 1024
_USUAL_TAIL_BYTES = 16 * 1024


class AuditLog:
    """The log in one folder, which all processes of a user share."""

    def __init__(
        self,
        folder: Path,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        most_log_bytes: int = _MOST_LOG_BYTES,
    ) -> None:
        self._files = AuditFiles(folder)
        self._clock = clock
        self._most_log_bytes = most_log_bytes

    def append(self, event: Event, details: Mapping[str, Any]) -> Head:
        """Write a record and return when it is on the disk; raises OSError when it is not."""
        files = self._files
        with exclusively(files):
            line, head = line_of(_end(files), self._clock(), event, details)
            size_bytes = write_at_end(files.current, line)
            replace(files.head, head_text(head))
            if size_bytes > self._most_log_bytes:
                files.current.rename(files.archive(head.seq))
        return head


def _end(files: AuditFiles) -> Head:
    """Return where the chain ends: in the current log, or where the last full one ended."""
    tail = _tail(files.current)
    if tail and not tail.endswith(b"\n"):
        n_cut = len(tail) - tail.rfind(b"\n") - 1
        os.truncate(files.current, files.current.stat().st_size - n_cut)
        tail = _tail(files.current)
    line = tail[:-1].rpartition(b"\n")[2]
    try:
        return Head(parse_line(line).seq, line_sha256(line))
    except ProtocolError:
        # There is none, or somebody changed it, which `verify` will say.
        return _known_end(files)


def _known_end(files: AuditFiles) -> Head:
    try:
        return parse_head(read_small_file(files.head))
    except (OSError, ProtocolError):
        return Head()


def _tail(path: Path) -> bytes:
    """Return the end of a file with at least its last line; empty when there is none."""
    n_bytes = _USUAL_TAIL_BYTES
    try:
        with opened(path) as file:
            size_bytes = file.seek(0, os.SEEK_END)
            while True:
                file.seek(max(0, size_bytes - n_bytes))
                tail = file.read()
                if n_bytes >= size_bytes or b"\n" in tail[:-1]:
                    return tail
                n_bytes *= 4
    except FileNotFoundError:
        return b""
