"""The one thread that works with loaded models: does what it is told, the most urgent first.

It looks for something more urgent whenever the generation at work pauses, and runs it to its end
before it goes on. Every task ends in exactly one final message, whatever happens. When there is
nothing to do it lets models use the time, and frees those that nobody has used for long.
"""

import threading
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar, cast

from cloister.core.generation import GenerationRequest
from cloister.engine.generation import Listener, generate, refine
from cloister.engine.messages import (
    ChatLaidOut,
    Counted,
    CountTokens,
    Done,
    EngineMessage,
    Generate,
    LayOutChat,
    Load,
    Ready,
)
from cloister.engine.reporting import Report
from cloister.engine.shelf import Shelf
from cloister.engine.status import LoadedModel
from cloister.engine.task import ModelAbsent, Task, cancelled, failure

if TYPE_CHECKING:
    from cloister.engine.llama.model import Model

T = TypeVar("T")

IdleWork = Callable[["Model", Callable[[], bool]], Iterator[None]]
"""Does in steps what nobody waits for; the function it gets says whether to stop at once."""

_PAUSE_SECONDS = 0.3
"""How long nothing must happen before models use the time: somebody who types is faster."""


class Worker:
    """Does errands one after the other on a thread of its own; `models` are those in memory."""

    def __init__(self, idle_work: IdleWork = refine) -> None:
        self.models: tuple[LoadedModel, ...] = ()
        self._idle_work = idle_work
        self._shelf = Shelf()
        self._errands: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="llama.cpp", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, task: Task) -> None:
        """Do `task` after what is more urgent; it interrupts what is at work."""
        self._errands.put(lambda: self._perform(task))

    def with_shelf(self, use: Callable[[Shelf], T]) -> "Future[T]":
        """Call `use` with the models in memory, soon and on the worker's thread."""
        result: Future[T] = Future()

        def use_shelf() -> None:
            try:
                result.set_result(use(self._shelf))
            except Exception as error:  # noqa: BLE001  # it belongs to the one who asked
                result.set_exception(error)
            self._publish_models()

        self._errands.put(use_shelf)
        return result

    def close(self, patience_seconds: float) -> None:
        """Unload the models and end the thread; gives up waiting after `patience_seconds`."""
        self._errands.put(None)
        self._thread.join(patience_seconds)

    def _run(self) -> None:
        while (errand := self._next_errand()) is not None:
            errand()
        self._shelf.close()

    def _next_errand(self) -> Callable[[], None] | None:
        try:
            return self._errands.get(timeout=_PAUSE_SECONDS)
        except Empty:
            self._use_idle_time()
        while True:
            wait_seconds = self._shelf.unload_unused()
            self._publish_models()
            try:
                return self._errands.get(timeout=wait_seconds)
            except Empty:
                continue

    def _use_idle_time(self) -> None:
        for model in self._shelf.models():
            try:
                for _ in self._idle_work(model, self._is_wanted):
                    if self._is_wanted():
                        return
            except Exception as error:  # noqa: BLE001  # what nobody waits for must not end all
                failure(0, error)

    def _is_wanted(self) -> bool:
        return not self._errands.empty()

    def _perform(self, task: Task) -> None:
        try:
            final = self._answer(task)
        except Exception as error:  # noqa: BLE001  # one request must not end the engine for all
            final = failure(task.request.id, error)
        task.emit(final)

    def _answer(self, task: Task) -> EngineMessage | ModelAbsent:
        request = task.request
        if task.should_stop():
            return cancelled(request.id)
        with self._shelf.lend(request.source) as model:
            if model is None:
                return ModelAbsent()
            match request:
                case Load():
                    return Ready(request.id, model.description, model.speed, model.placement)
                case CountTokens(texts=texts):
                    return Counted(request.id, tuple(len(model.tokenize(text)) for text in texts))
                case LayOutChat(roles=roles):
                    return ChatLaidOut(request.id, model.lay_out_chat(roles))
                case Generate():
                    report = Report(task)
                    listener = _listener(task, model, report)
                    steps = generate(model, _wanted(request), listener, task.received)
                    finish, timings = self._run_to_end(steps)
                    report.flush()
                    return Done(request.id, finish, timings)

    def _run_to_end(self, steps: Generator[None, None, T]) -> T:
        """Return the result of `steps`; what is more urgent runs between them."""
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return cast("T", end.value)
            self._run_urgent()

    def _run_urgent(self) -> None:
        while not self._errands.empty():
            errand = self._errands.get()
            if errand is None:
                # The end is for the outermost; nobody wants what is interrupted any more.
                self._errands.put(None)
                return
            errand()

    def _publish_models(self) -> None:
        # Replaced as a whole, so that the other threads never see half of it.
        self.models = tuple(
            LoadedModel(
                str(model.path),
                model.description.name,
                model.context_tokens,
                model.speed,
                model.placement,
            )
            for model in self._shelf.models()
        )


def _wanted(request: Generate) -> GenerationRequest:
    return GenerationRequest(
        request.prompt,
        request.max_tokens,
        request.stop,
        request.priority,
        request.document,
        request.hypotheses,
        request.surroundings if request.copies else None,
    )


def _listener(task: Task, model: "Model", report: Report) -> Listener:
    return Listener(
        should_stop=task.should_stop,
        on_evaluated=lambda timings: report.evaluated(timings, model.speed),
        on_chunk=report.wrote,
    )
