import logging
from pathlib import Path
from queue import Queue

import pytest

from cloister.core.errors import BackendUnavailableError
from cloister.core.generation import Finish, Timings
from cloister.engine.messages import (
    CountTokens,
    Done,
    EngineMessage,
    Failed,
    FailureKind,
    Load,
    Loading,
    ModelSource,
)
from cloister.engine.shelf import Shelf
from cloister.engine.worker import Task, Worker, WorkRequest

MISSING = ModelSource("/nonexistent/model.gguf")


def answers(request: WorkRequest, *, stopped: bool = False) -> list[EngineMessage]:
    """Return everything the worker says about one request."""
    said: Queue[EngineMessage] = Queue()
    task = Task(request, said.put)
    if stopped:
        task.stop.set()
    worker = Worker()
    worker.start()
    worker.submit(task)
    worker.close(10.0)
    return list(said.queue)


def test_a_model_that_cannot_be_used_fails_with_its_sentence() -> None:
    loading, failed = answers(Load(1, MISSING))
    assert loading == Loading(1, 0.0)
    assert isinstance(failed, Failed)
    assert (failed.id, failed.kind) == (1, FailureKind.MODEL)
    assert "There is no model file" in failed.message


def test_a_request_that_nobody_wants_any_more_is_not_begun() -> None:
    request = CountTokens(2, MISSING, ("x",))
    assert answers(request, stopped=True) == [Done(2, Finish.CANCELLED, Timings())]


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

    monkeypatch.setattr(Shelf, "take", fail)
    with caplog.at_level(logging.DEBUG):
        assert answers(Load(3, MISSING)) == [Failed(3, FailureKind.UNAVAILABLE, message)]
    assert "secret" not in caplog.text
    if isinstance(error, KeyError):
        assert "KeyError at fail:" in caplog.text


def test_a_model_larger_than_memory_is_refused_before_it_is_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from cloister.engine import shelf
    from support.engine_process import MODEL

    monkeypatch.setattr(shelf, "available_bytes", lambda: 1_000_000)
    failed = answers(Load(4, ModelSource(str(MODEL))))[-1]
    assert isinstance(failed, Failed)
    assert "choose a smaller model" in failed.message
    assert Path(MODEL).name in failed.message
