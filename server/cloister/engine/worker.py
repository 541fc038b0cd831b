"""The one thread that owns llama.cpp: takes a task, does it, says how it ended.

Every task ends in exactly one final message, whatever happens; unexpected errors are logged by
their type and place only, because their text may quote a prompt.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from queue import SimpleQueue
from time import monotonic
from traceback import extract_tb

from cloister.core.errors import BackendUnavailableError, ModelError
from cloister.core.generation import Finish, GenerationRequest, Timings
from cloister.engine.generation import Listener, generate
from cloister.engine.messages import (
    Counted,
    CountTokens,
    Done,
    EngineMessage,
    Evaluated,
    Failed,
    FailureKind,
    Generate,
    Load,
    LoadedModel,
    Loading,
    Ready,
    Wrote,
)
from cloister.engine.shelf import Shelf

WorkRequest = Load | CountTokens | Generate

_LOADING_STEP = 0.01

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Task:
    """A request on its way through the worker; `emit` may be called from any thread.

    `last_sign` is when the worker was last seen alive, in seconds on time.monotonic.
    """

    request: WorkRequest
    emit: Callable[[EngineMessage], None]
    received: float = field(default_factory=monotonic)
    last_sign: float = field(default_factory=monotonic)
    stop: threading.Event = field(default_factory=threading.Event)

    def should_stop(self) -> bool:
        """Whether nobody wants the result any more; asking is a sign of life."""
        self.last_sign = monotonic()
        return self.stop.is_set()


class Worker:
    """Runs tasks one after the other on a thread of its own."""

    def __init__(self) -> None:
        self.models: tuple[LoadedModel, ...] = ()
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="llama.cpp", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, task: Task) -> None:
        """Do `task` after those before it."""
        self._tasks.put(task)

    def close(self, patience_seconds: float) -> None:
        """Unload the models and end the thread; gives up waiting after `patience_seconds`."""
        self._tasks.put(None)
        self._thread.join(patience_seconds)

    def _run(self) -> None:
        shelf = Shelf()
        while (task := self._tasks.get()) is not None:
            final = _perform(shelf, task)
            # Replaced as a whole, so that the other thread never sees half of it.
            self.models = tuple(
                LoadedModel(str(model.path), model.description.name, model.context_tokens)
                for model in shelf.models()
            )
            task.emit(final)
        shelf.close()


def _perform(shelf: Shelf, task: Task) -> EngineMessage:
    try:
        return _answer(shelf, task)
    except ModelError as error:
        return Failed(task.request.id, FailureKind.MODEL, str(error))
    except BackendUnavailableError as error:
        return Failed(task.request.id, FailureKind.UNAVAILABLE, str(error))
    except Exception as error:  # noqa: BLE001  # one request must not end the engine for all others
        frame = extract_tb(error.__traceback__)[-1]
        _log.error("%s at %s:%d", type(error).__name__, frame.name, frame.lineno or 0)
        return Failed(
            task.request.id,
            FailureKind.UNAVAILABLE,
            f"The engine had an internal error ({type(error).__name__}); see its log.",
        )


def _answer(shelf: Shelf, task: Task) -> EngineMessage:
    request = task.request
    if task.should_stop():
        return Done(request.id, Finish.CANCELLED, Timings())
    model = shelf.take(request.source, _loading_reporter(task))
    match request:
        case Load():
            return Ready(request.id, model.description)
        case CountTokens():
            return Counted(request.id, tuple(len(model.tokenize(text)) for text in request.texts))
        case Generate():
            listener = Listener(
                should_stop=task.should_stop,
                on_evaluated=lambda timings: task.emit(Evaluated(request.id, timings)),
                on_chunk=lambda chunk: task.emit(Wrote(request.id, chunk)),
            )
            wanted = GenerationRequest(request.prompt, request.max_tokens, request.stop)
            finish, timings = generate(model, wanted, listener, task.received)
            return Done(request.id, finish, timings)


def _loading_reporter(task: Task) -> Callable[[float], None]:
    """Return a callback that passes on the fractions a person would notice."""
    reported = -1.0

    def report(fraction: float) -> None:
        nonlocal reported
        task.last_sign = monotonic()
        if fraction >= reported + _LOADING_STEP or fraction == 1.0 > reported:
            reported = fraction
            task.emit(Loading(task.request.id, fraction))

    return report
