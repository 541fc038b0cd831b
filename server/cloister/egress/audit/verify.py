"""Is the audit log whole? Every record read again, the chain recomputed, nothing believed."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from cloister.core.errors import ProtocolError
from cloister.egress.audit.files import AuditFiles, exclusively, opened
from cloister.egress.audit.records import (
    MOST_LINE_BYTES,
    Event,
    Head,
    Record,
    parse_head,
    parse_line,
)
from cloister.settings.small_file import read_small_file

_OUTCOMES = {Event.SENT, Event.REFUSED, Event.FAILED}


@dataclass(frozen=True, slots=True)
class Verification:
    """What was found; `problems` are sentences that name file and line, none when all is well.

    `unfinished` are requests that were begun and never reported an end: what ended cloister came
    in between, or they are still on their way.
    """

    n_records: int
    problems: tuple[str, ...]
    unfinished: tuple[str, ...]


def verify(folder: Path) -> Verification:
    """Check the whole log in a folder; an empty one is whole. Raises OSError when unreadable."""
    if not folder.is_dir():
        return Verification(0, (), ())
    files = AuditFiles(folder)
    with ExitStack() as stack:
        with exclusively(files):
            # What is written from here on is not looked at, so nobody has to wait.
            chain = _Chain(_head(files))
            logs = [_Log.at(path, stack) for path in files.logs()]
        for log in logs:
            for place, line in log.lines():
                chain.add(place, line)
    chain.end(files.head)
    return Verification(chain.n_records, tuple(chain.problems), tuple(chain.begun))


def read_lines(folder: Path) -> Iterator[bytes]:
    """Yield every line, oldest first; raises OSError."""
    with ExitStack() as stack:
        for path in AuditFiles(folder).logs():
            for _, line in _Log.at(path, stack).lines():
                yield line


def read_records(folder: Path) -> Iterator[Record]:
    """Yield the records that can be read, oldest first; raises OSError."""
    for line in read_lines(folder):
        try:
            yield parse_line(line)
        except ProtocolError:
            # `verify` names it.
            continue


@dataclass(slots=True)
class _Chain:
    """The chain so far; `head` is what the file beside the log says of its end."""

    head: Head | None
    last: Head = Head()  # noqa: RUF009  # a frozen value
    last_place: str = ""
    n_records: int = 0
    problems: list[str] = field(default_factory=list)
    begun: dict[str, None] = field(default_factory=dict)

    def add(self, place: str, line: bytes) -> None:
        self.n_records += 1
        try:
            record = parse_line(line)
        except ProtocolError as error:
            self.problems.append(f"{place}: {error}")
            return
        self._compare(place, record)
        self._count(record)
        self.last, self.last_place = Head(record.seq, record.sha256), place

    def end(self, path: Path) -> None:
        if self.head is None:
            if self.n_records:
                self.problems.append(f"{path}: It is missing or damaged, so the end is unproven.")
        elif self.head.seq > self.last.seq:
            self.problems.append(
                f"{path}: The log ended with record {self.head.seq}, "
                f"but record {self.last.seq} is the last one."
            )

    def _compare(self, place: str, record: Record) -> None:
        if record.seq != self.last.seq + 1:
            self.problems.append(
                f"{place}: Record {record.seq} follows record {self.last.seq}; "
                "records between them are missing."
            )
        elif record.previous != self.last.sha256:
            self.problems.append(
                f"{self.last_place or place}: It is not what the next record was written after."
            )
        if self.head and self.head.seq == record.seq and self.head.sha256 != record.sha256:
            self.problems.append(f"{place}: It was changed after it was written.")

    def _count(self, record: Record) -> None:
        request = str(record.details.get("request_id", ""))
        if record.event is Event.INTENT:
            self.begun[request] = None
        elif record.event in _OUTCOMES:
            self.begun.pop(request, None)


def _head(files: AuditFiles) -> Head | None:
    try:
        return parse_head(read_small_file(files.head))
    except (OSError, ProtocolError):
        return None


@dataclass(frozen=True, slots=True)
class _Log:
    """An open log, as long as it was when it was opened."""

    path: Path
    file: BinaryIO
    size_bytes: int

    @classmethod
    def at(cls, path: Path, stack: ExitStack) -> "_Log":
        file = stack.enter_context(opened(path))
        return cls(path, file, os.fstat(file.fileno()).st_size)

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """Yield each line with `FILE:NUMBER`; one that is too long comes in parts, all damaged."""
        number = 0
        while self.file.tell() < self.size_bytes:
            number += 1
            line = self.file.readline(MOST_LINE_BYTES + 1)
            yield f"{self.path}:{number}", line.rstrip(b"\n")
