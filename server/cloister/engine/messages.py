"""Everything the engine and its clients say to each other; `wire.py` makes bytes of it.

The client chooses ids, from 1. Every request that carries an id ends in exactly one of Ready,
Counted, ChatLaidOut, Done, StatusReport, Pong or Failed with that id; a request that was cancelled
before it began ends in Done(cancelled), whatever it was.
"""

from dataclasses import dataclass
from enum import StrEnum

from cloister.core.generation import Chunk, Finish, Priority, Surroundings, Timings
from cloister.core.hardware import ModelSpeed, Placement
from cloister.core.model import ModelDescription
from cloister.core.prompt import Prompt
from cloister.engine.status import EngineStatus


class FailureKind(StrEnum):
    """Which error the client raises."""

    MODEL = "model"
    UNAVAILABLE = "unavailable"
    PROTOCOL = "protocol"


@dataclass(frozen=True, slots=True)
class ModelSource:
    """Which weights to use; `path` is absolute; the engine chooses `n_threads` when it is None."""

    path: str
    sha256: str | None = None
    n_threads: int | None = None


@dataclass(frozen=True, slots=True)
class Hello:
    """The client's first message."""

    protocol: int
    client: str


@dataclass(frozen=True, slots=True)
class Load:
    """Load a model and describe it."""

    id: int
    source: ModelSource


@dataclass(frozen=True, slots=True)
class CountTokens:
    """Count the tokens of each text, tokenized alone."""

    id: int
    source: ModelSource
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LayOutChat:
    """Ask for what the model's chat template puts around turns of these roles, up to an answer."""

    id: int
    source: ModelSource
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Generate:
    """Continue a prompt; loads the model first when it is not in memory.

    Without tokens to write the prompt is only read. It ends the same client's earlier warm-ups:
    they would bring back a document that has changed since. An answer that `copies` may repeat the
    `surroundings`; without any it is those of the client's last request for the document.
    """

    id: int
    source: ModelSource
    prompt: Prompt
    max_tokens: int
    stop: tuple[str, ...]
    priority: Priority
    document: str
    hypotheses: int = 1
    copies: bool = False
    surroundings: Surroundings | None = None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Nobody waits for request `id` any more; unknown ids are ignored."""

    id: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Ask for a sign of life."""

    id: int


@dataclass(frozen=True, slots=True)
class GetStatus:
    """Ask for an EngineStatus."""

    id: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Ask the engine to end; every client gets Stopping."""


@dataclass(frozen=True, slots=True)
class Retire:
    """Ask the engine to end as soon as it owes nobody an answer: a newer one will take over."""


@dataclass(frozen=True, slots=True)
class Welcome:
    """The engine's answer to Hello."""

    protocol: int
    version: str
    pid: int
    isolation: str
    isolation_reason: str


@dataclass(frozen=True, slots=True)
class Loading:
    """The model of request `id` is loaded up to `fraction` (0 to 1)."""

    id: int
    fraction: float


@dataclass(frozen=True, slots=True)
class Ready:
    """The answer to Load; `speed` is what is known of it on this machine so far."""

    id: int
    description: ModelDescription
    speed: ModelSpeed | None = None
    placement: Placement | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """The answer to CountTokens, in the order of its texts."""

    id: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChatLaidOut:
    """The answer to LayOutChat: the text before each turn, and after the last."""

    id: int
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The prompt of request `id` is evaluated; its timings so far, and the model's speed by now."""

    id: int
    timings: Timings
    speed: ModelSpeed | None = None


@dataclass(frozen=True, slots=True)
class Wrote:
    """Further pieces of the answer to Generate, at least one."""

    id: int
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The end of Generate."""

    id: int
    finish: Finish
    timings: Timings


@dataclass(frozen=True, slots=True)
class Pong:
    """The answer to Ping."""

    id: int


@dataclass(frozen=True, slots=True)
class StatusReport:
    """The answer to GetStatus."""

    id: int
    status: EngineStatus


@dataclass(frozen=True, slots=True)
class Failed:
    """Request `id` ended in an error; `message` is a sentence for people.

    Without an id the whole connection failed, and the engine closes it.
    """

    id: int | None
    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class Stopping:
    """The engine ends on purpose; the connection closes next."""

    reason: str


ClientMessage = (
    Hello | Load | CountTokens | LayOutChat | Generate | Cancel | Ping | GetStatus | Stop | Retire
)
EngineMessage = (
    Welcome
    | Loading
    | Ready
    | Counted
    | ChatLaidOut
    | Evaluated
    | Wrote
    | Done
    | Pong
    | StatusReport
    | Failed
    | Stopping
)
Message = ClientMessage | EngineMessage
