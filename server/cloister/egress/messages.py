"""Everything the egress process and whoever started it say to each other; see `cloister.wire`.

A Send ends in exactly one of Done, Refused or Failed with its id, unless it was cancelled. Refused
means that not one byte left. Where a request goes and with which key is not said here: the process
reads both from the user's own file, under the backend's name, and refuses a Send that expects
another origin.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import get_args

from cloister.core.privacy import Origin, Piece
from cloister.wire.codec import Codec


class Purpose(StrEnum):
    """What a request is for; only a trial, which sends a text of our own, needs no pieces."""

    COMPLETION = "completion"
    ACTION = "action"
    TRIAL = "trial"


class Approval(StrEnum):
    """Why text may leave where the level is `ask`: nothing, this very preview, or a record."""

    NONE = "none"
    PREVIEW = "preview"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class SentPiece:
    """One piece of the payload: whose text it is, without the text; lines as in `Piece`."""

    path: str
    real_path: str
    first_line: int
    last_line: int
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True, repr=False)
class HttpRequest:
    """What a server gets, byte for byte, but for `host`, `content-length` and the key.

    `path` begins with a slash and holds the query. A GET has an empty body.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """How long an answer may take and how large it may be."""

    deadline_ms: float
    answer_bytes: int


@dataclass(frozen=True, slots=True, repr=False)
class EgressRequest:
    """One request to the backend of this name in the user's file.

    `origin` is the one that was shown to the user. `redactions` counts what was taken out.
    """

    backend: str
    origin: Origin
    http: HttpRequest
    pieces: tuple[SentPiece, ...]
    purpose: Purpose
    model: str
    workspace: str
    approval: Approval
    limits: Limits
    redactions: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class Send:
    """Send a request; the sender chooses ids, from 1."""

    id: int
    request: EgressRequest


@dataclass(frozen=True, slots=True)
class Cancel:
    """Nobody waits for `id` any more; unknown ids are ignored."""

    id: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The first message: the process is locked; isolation as `engine.sandbox` words it."""

    version: str
    isolation: str
    isolation_reason: str


@dataclass(frozen=True, slots=True)
class Started:
    """The server answers; header names are in lower case, only `content-type` and `retry-after`."""

    id: int
    status: int
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, repr=False)
class Received:
    """A piece of the answer's body."""

    id: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer has been received."""

    id: int
    bytes_in: int


class RefusalKind(StrEnum):
    """Which check a request did not pass."""

    POLICY = "policy"
    APPROVAL = "approval"
    PROVENANCE = "provenance"
    ORIGIN = "origin"
    ADDRESS = "address"
    BUDGET = "budget"
    KEY = "key"
    REQUEST = "request"
    AUDIT = "audit"


class FailureKind(StrEnum):
    """What went wrong after the request was allowed; POLICY: it is not any more."""

    UNREACHABLE = "unreachable"
    CERTIFICATE = "certificate"
    TIMEOUT = "timeout"
    REDIRECT = "redirect"
    TOO_LARGE = "too large"
    BROKEN = "broken"
    POLICY = "policy"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing left; `message` is a sentence for people."""

    id: int
    kind: RefusalKind
    message: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The request ended in an error; `message` is a sentence for people."""

    id: int
    kind: FailureKind
    message: str


ClientMessage = Send | Cancel
AnswerMessage = Started | Received | Done | Refused | Failed
EgressMessage = Ready | AnswerMessage
Message = ClientMessage | EgressMessage

CODEC: Codec[Message] = Codec(get_args(Message))


def sent_pieces(pieces: Iterable[Piece]) -> tuple[SentPiece, ...]:
    """Return what is said of the pieces to the process, and kept in the audit log."""
    return tuple(
        SentPiece(
            str(piece.path),
            str(piece.real_path),
            piece.first_line,
            piece.last_line,
            piece.sha256,
            len(piece.text.encode("utf-8", "surrogatepass")),
        )
        for piece in pieces
    )
