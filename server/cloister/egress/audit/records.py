"""One record of the audit log: one line of JSON, with the hash of the line before it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cloister.core.errors import ProtocolError

FORMAT = 1
NO_RECORD = "0" * 64
"""What the first record names as the hash of the line before it."""

MOST_LINE_BYTES = 1024 * 1024

_NOT_A_RECORD = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    OverflowError,
    RecursionError,
)


class Event(StrEnum):
    """What a record is about: the first four are the life of a request.

    INTENT: it will be sent now. SENT: its answer has ended. REFUSED: nothing left. FAILED: parts of
    it may have left.
    """

    INTENT = "intent"
    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    POLICY = "policy"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Record:
    """A line as it was read; `details` are the fields that belong to the event."""

    seq: int
    previous: str
    time: datetime
    event: Event
    details: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: the last record's number and the hash of its line."""

    seq: int = 0
    sha256: str = NO_RECORD


def line_of(
    head: Head, time: datetime, event: Event, details: Mapping[str, Any]
) -> tuple[bytes, Head]:
    """Return the line that follows `head`, with its newline, and the head after it."""
    fields = {
        "v": FORMAT,
        "seq": head.seq + 1,
        "prev": head.sha256,
        "ts": time.astimezone(UTC).isoformat(timespec="milliseconds"),
        "event": event,
        **details,
    }
    # ASCII escapes keep a line a line, whatever a path holds.
    line = json.dumps(fields).encode("ascii")
    return line + b"\n", Head(head.seq + 1, line_sha256(line))


def parse_line(line: bytes) -> Record:
    """Return the record of a line without its newline; raises ProtocolError for anything else."""
    try:
        fields = json.loads(line)
        if fields.pop("v") != FORMAT:
            raise ProtocolError("It was written by another version of cloister.")
        return Record(
            seq=int(fields.pop("seq")),
            previous=str(fields.pop("prev")),
            time=datetime.fromisoformat(fields.pop("ts")),
            event=Event(fields.pop("event")),
            details=fields,
            sha256=line_sha256(line),
        )
    except _NOT_A_RECORD as error:
        raise ProtocolError("It is not a record.") from error


def line_sha256(line: bytes) -> str:
    """Return the hash of a line without its newline, in hexadecimal."""
    return hashlib.sha256(line).hexdigest()


def head_text(head: Head) -> bytes:
    """Return the head as the file beside the log holds it."""
    return json.dumps(asdict(head)).encode("ascii") + b"\n"


def parse_head(text: bytes) -> Head:
    """Return what `head_text` wrote; raises ProtocolError for anything else."""
    try:
        fields = json.loads(text)
        return Head(int(fields["seq"]), str(fields["sha256"]))
    except _NOT_A_RECORD as error:
        raise ProtocolError("It does not say where the log ended.") from error
