"""The worker's thread with the real model: what interrupts what, and what idle time is for."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Queue

import pytest

from cloister.core.errors import BackendUnavailableError
from cloister.core.generation import Finish, Priority, Timings
from cloister.engine import worker as worker_module
from cloister.engine.loader import start_loading
from cloister.engine.messages import (
    Counted,
    CountTokens,
    Done,
    EngineMessage,
    Failed,
    FailureKind,
    Generate,
    Load,
    ModelSource,
    Ready,
    Wrote,
)
from cloister.engine.shelf import Shelf
from cloister.engine.task import ModelAbsent, Task
from cloister.engine.worker import IdleWork, Worker
from support.engine_process import MODEL, infill

pytestmark = pytest.mark.model

MISSING = ModelSource("/nonexistent/model.gguf")
SOURCE = ModelSource(str(MODEL))
BODY = "".join(f"def function_{n}(argument):\n    return argument + {n}\n\n\n" for n in range(8))
N_SLOW_TOKENS = 200

Said = Queue[EngineMessage | ModelAbsent]


def generate(number: int, prefix: str, max_tokens: int, priority: Priority) -> Generate:
    prompt = infill(prefix, "\n")
    return Generate(number, SOURCE, prompt, max_tokens, (), priority, document=str(number))


def slow(number: int) -> Generate:
    return generate(number, BODY, N_SLOW_TOKENS, Priority.ACTION)


def quick(number: int) -> Generate:
    return generate(number, "import o", 2, Priority.COMPLETION)


def no_idle_work(_model: object, _should_stop: Callable[[], bool]) -> Iterator[None]:
    return iter(())


@contextmanager
def working(idle_work: IdleWork = no_idle_work) -> Iterator[Worker]:
    worker = Worker(idle_work)
    worker.start()
    yield worker
    worker.close(10.0)


@contextmanager
def loaded(idle_work: IdleWork = no_idle_work) -> Iterator[Worker]:
    """Run a worker that has the model in memory."""
    with working(idle_work) as worker:
        said = Said()
        start_loading(Task(Load(0, SOURCE), said.put), worker.with_shelf)
        while not isinstance(said.get(), Ready):
            pass
        yield worker


def text_of(messages: list[EngineMessage | ModelAbsent], number: int) -> str:
    return "".join(
        chunk.text
        for m in messages
        if isinstance(m, Wrote) and m.id == number
        for chunk in m.chunks
    )


def test_a_task_without_its_model_says_so_and_is_not_begun() -> None:
    said = Said()
    with working() as worker:
        worker.submit(Task(CountTokens(1, MISSING, ("x",)), said.put))
        assert said.get() == ModelAbsent()
    assert said.empty()


def test_a_request_that_nobody_wants_any_more_is_not_begun() -> None:
    said = Said()
    task = Task(CountTokens(2, MISSING, ("x",)), said.put)
    task.stop.set()
    with working() as worker:
        worker.submit(task)
        assert said.get() == Done(2, Finish.CANCELLED, Timings())


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (BackendUnavailableError("Try again."), "Try again."),
        (KeyError("secret text"), "The engine had an internal error (KeyError); see its log."),
    ],
)
def test_an_error_nobody_expects_ends_one_request_and_quotes_nothing(
    error: Exception,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr(Shelf, "lend", fail)
    said = Said()
    with caplog.at_level(logging.DEBUG), working() as worker:
        worker.submit(Task(Load(3, MISSING), said.put))
        assert said.get() == Failed(3, FailureKind.UNAVAILABLE, message)
    assert "secret" not in caplog.text
    if isinstance(error, KeyError):
        assert "KeyError at fail:" in caplog.text


def test_what_is_more_urgent_runs_within_a_generation_and_changes_nothing_in_it() -> None:
    said: list[EngineMessage | ModelAbsent] = []
    with loaded() as worker:
        alone = Said()
        worker.submit(Task(slow(1), alone.put))
        undisturbed = [alone.get()]
        while not isinstance(undisturbed[-1], Done):
            undisturbed.append(alone.get())

        ended = threading.Event()

        def interrupt(message: EngineMessage | ModelAbsent) -> None:
            said.append(message)
            if [isinstance(it, Wrote) for it in said].count(True) == 1 and message is said[-1]:
                worker.submit(Task(quick(2), said.append))
                worker.submit(Task(CountTokens(3, SOURCE, ("import os",)), said.append))
            if isinstance(message, Done):
                ended.set()

        worker.submit(Task(slow(1), interrupt))
        assert ended.wait(60)
    ends = [m.id for m in said if isinstance(m, Done | Counted)]
    assert ends == [3, 2, 1]
    first_end = next(n for n, m in enumerate(said) if isinstance(m, Done))
    assert any(isinstance(m, Wrote) and m.id == 1 for m in said[first_end:])
    assert text_of(said, 1) == text_of(undisturbed, 1)
    assert isinstance(said[-1], Done)
    assert said[-1].timings.generated_tokens == N_SLOW_TOKENS


def test_closing_ends_what_is_interrupted_as_well() -> None:
    said = Said()
    with loaded() as worker:
        task = Task(slow(1), said.put)

        def close_within(message: EngineMessage | ModelAbsent) -> None:
            said.put(message)
            if isinstance(message, Wrote):
                task.stop.set()
                # What `close` does first; it may not wait on the worker's own thread.
                worker._errands.put(None)

        task.emit = close_within
        worker.submit(task)
        while not isinstance(message := said.get(timeout=60), Done):
            pass
        assert message.finish is Finish.CANCELLED


def test_idle_models_work_until_somebody_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_PAUSE_SECONDS", 0.0)
    begun, was_stopped = threading.Event(), Queue[bool]()

    def work(_model: object, should_stop: Callable[[], bool]) -> Iterator[None]:
        try:
            while not should_stop():
                begun.set()
                yield
        finally:
            was_stopped.put(should_stop())

    said = Said()
    with loaded(work) as worker:
        assert begun.wait(60)
        worker.submit(Task(CountTokens(1, SOURCE, ("import os",)), said.put))
        assert said.get(timeout=60) == Counted(1, (2,))
        assert was_stopped.get(timeout=60)


def test_idle_work_that_fails_costs_nobody_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "_PAUSE_SECONDS", 0.0)
    failed = threading.Event()

    def fail(_model: object, _should_stop: Callable[[], bool]) -> Iterator[None]:
        failed.set()
        raise KeyError

    said = Said()
    with loaded(fail) as worker:
        assert failed.wait(60)
        worker.submit(Task(CountTokens(1, SOURCE, ("import os",)), said.put))
        assert said.get(timeout=60) == Counted(1, (2,))


def test_what_is_asked_of_the_shelf_is_answered_or_raised() -> None:
    def fail(_shelf: Shelf) -> None:
        raise KeyError

    with loaded() as worker:
        assert worker.with_shelf(lambda shelf: len(shelf.models())).result(60) == 1
        with pytest.raises(KeyError):
            worker.with_shelf(fail).result(60)
        assert [model.path for model in worker.models] == [str(MODEL)]


def test_a_model_that_nobody_uses_is_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    freed = threading.Event()
    unload_unused = Shelf.unload_unused

    def tell_when_empty(shelf: Shelf) -> float | None:
        wait_seconds = unload_unused(shelf)
        if not shelf.models():
            freed.set()
        return wait_seconds

    with loaded() as worker:
        monkeypatch.setattr(worker_module, "_PAUSE_SECONDS", 0.0)
        monkeypatch.setattr("cloister.engine.shelf.UNUSED_SECONDS", 0.0)
        monkeypatch.setattr(Shelf, "unload_unused", tell_when_empty)
        said = Said()
        worker.submit(Task(CountTokens(1, SOURCE, ("import os",)), said.put))
        assert said.get(timeout=60) == Counted(1, (2,))
        assert freed.wait(60)
        worker.submit(Task(CountTokens(2, SOURCE, ("x",)), said.put))
        assert said.get(timeout=60) == ModelAbsent()
        assert worker.models == ()
