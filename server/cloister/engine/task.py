"""A request on its way through the engine's threads, and how its errors become its answer."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from traceback import extract_tb

from cloister.core.errors import BackendUnavailableError, ModelError
from cloister.core.generation import Finish, Timings
from cloister.engine.messages import (
    CountTokens,
    Done,
    EngineMessage,
    Failed,
    FailureKind,
    Generate,
    LayOutChat,
    Load,
)

WorkRequest = Load | CountTokens | LayOutChat | Generate

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ModelAbsent:
    """A task was not begun because its model is not in memory."""


@dataclass(slots=True)
class Task:
    """A request; `emit` may be called from any thread, and ends with one final message.

    `last_sign` is when whoever works on it was last seen alive, in seconds on time.monotonic.
    """

    request: WorkRequest
    emit: Callable[[EngineMessage | ModelAbsent], None]
    received: float = field(default_factory=monotonic)
    last_sign: float = field(default_factory=monotonic)
    stop: threading.Event = field(default_factory=threading.Event)

    def should_stop(self) -> bool:
        """Whether nobody wants the result any more; asking is a sign of life."""
        self.last_sign = monotonic()
        return self.stop.is_set()


def cancelled(request_id: int) -> Done:
    """Return the end of a request that was cancelled before it began."""
    return Done(request_id, Finish.CANCELLED, Timings())


def failure(request_id: int, error: Exception) -> Failed:
    """Return the end of a request that an error ended.

    Unexpected errors are logged by their type and place only: their text may quote a prompt.
    """
    if isinstance(error, ModelError):
        return Failed(request_id, FailureKind.MODEL, str(error))
    if isinstance(error, BackendUnavailableError):
        return Failed(request_id, FailureKind.UNAVAILABLE, str(error))
    frame = extract_tb(error.__traceback__)[-1]
    _log.error("%s at %s:%d", type(error).__name__, frame.name, frame.lineno or 0)
    return Failed(
        request_id,
        FailureKind.UNAVAILABLE,
        f"The engine had an internal error ({type(error).__name__}); see its log.",
    )
