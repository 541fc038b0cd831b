"""Loading on a thread of its own: what it says, and what ends it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Queue

import pytest

from cloister.core.errors import ModelError
from cloister.core.generation import Finish, Timings
from cloister.core.hardware import Placement
from cloister.engine import loader
from cloister.engine.llama import model
from cloister.engine.llama.weights import OnProgress
from cloister.engine.loader import start_loading
from cloister.engine.messages import (
    Done,
    EngineMessage,
    Failed,
    FailureKind,
    Load,
    Loading,
    ModelSource,
    Ready,
)
from cloister.engine.shelf import Shelf
from cloister.engine.task import ModelAbsent, Task
from cloister.engine.worker import Worker
from support.engine_process import MODEL, MODEL_SHA256

pytestmark = pytest.mark.model

Said = Queue[EngineMessage | ModelAbsent]


@pytest.fixture
def worker() -> Iterator[Worker]:
    worker = Worker()
    worker.start()
    yield worker
    worker.close(10.0)


def everything_said(worker: Worker, source: ModelSource) -> list[EngineMessage | ModelAbsent]:
    said = Said()
    start_loading(Task(Load(1, source), said.put), worker.with_shelf)
    messages = [said.get(timeout=60)]
    while isinstance(messages[-1], Loading):
        messages.append(said.get(timeout=60))
    return messages


def test_a_model_arrives_with_its_description(worker: Worker) -> None:
    *progress, ready = everything_said(worker, ModelSource(str(MODEL), MODEL_SHA256))
    assert isinstance(ready, Ready)
    assert ready.description.name == "cloister-starter-v0"
    fractions = [message.fraction for message in progress if isinstance(message, Loading)]
    assert fractions[0] == 0.0
    assert fractions[-1] == 1.0
    assert fractions == sorted(set(fractions))
    assert worker.with_shelf(lambda shelf: len(shelf.models())).result(60) == 1


def test_a_file_that_cannot_be_used_is_one_sentence(worker: Worker) -> None:
    loading, failed = everything_said(worker, ModelSource("/nonexistent/model.gguf"))
    assert loading == Loading(1, 0.0)
    assert isinstance(failed, Failed)
    assert (failed.id, failed.kind) == (1, FailureKind.MODEL)
    assert "There is no model file" in failed.message


def test_a_model_larger_than_memory_is_refused_before_it_is_loaded(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cloister.engine.shelf._limit_bytes", lambda: 1_000_000)
    loading, failed = everything_said(worker, ModelSource(str(MODEL)))
    assert loading == Loading(1, 0.0)
    assert isinstance(failed, Failed)
    assert "choose a smaller model" in failed.message
    assert MODEL.name in failed.message


def test_a_file_that_changes_meanwhile_is_not_used(
    worker: Worker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = Path(shutil.copy(MODEL, tmp_path / "model.gguf"))
    check = loader.check_model_file

    def check_and_touch(*arguments: object, **options: Callable[[], None]) -> object:
        checked = check(*arguments, **options)  # type: ignore[arg-type]  # passed on as they came
        path.touch()
        return checked

    monkeypatch.setattr(loader, "check_model_file", check_and_touch)
    failed = everything_said(worker, ModelSource(str(path)))[-1]
    assert isinstance(failed, Failed)
    assert "changed while it was loaded; try again" in failed.message
    assert worker.with_shelf(lambda shelf: shelf.models()).result(60) == ()


def test_while_there_is_no_room_it_waits_and_can_be_cancelled(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    said, asked = Said(), Queue[None]()

    def refuse(*_arguments: object) -> bool:
        asked.put(None)
        return False

    monkeypatch.setattr(Shelf, "make_room", refuse)
    task = Task(Load(1, ModelSource(str(MODEL))), said.put)
    signs = task.last_sign
    start_loading(task, worker.with_shelf)
    for _ in range(3):
        asked.get(timeout=60)
    # Waiting for others is no hang.
    assert task.last_sign > signs
    task.stop.set()
    assert said.get(timeout=60) == Loading(1, 0.0)
    assert said.get(timeout=60) == Done(1, Finish.CANCELLED, Timings())


def test_a_graphics_driver_that_fails_leaves_the_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []
    really_open = model.open_model

    def open_or_fail(
        path: Path, n_threads: int, on_progress: OnProgress, placement: Placement
    ) -> model.Model:
        tried.append(placement.gpu_layers)
        if placement.gpu_layers:
            raise ModelError("There is not enough memory on the device.")
        return really_open(path, n_threads, on_progress, placement)

    monkeypatch.setattr(model, "open_model", open_or_fail)
    opened = loader._open(MODEL, 1, lambda _fraction: True, Placement(7, 5, 10_000_000, ("X",)))
    assert tried == [5, 0]
    assert opened.placement == Placement(7)
    opened.close()
