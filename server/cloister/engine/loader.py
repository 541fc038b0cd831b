"""Brings a model into memory on a thread of its own, while the worker serves those there are.

Only opening a file happens on that thread; the models in memory are the worker's, and it is asked
through `with_shelf`. A task that loads ends in Ready, in Failed, or as cancelled.
"""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Protocol, TypeVar

from cloister.core.errors import ModelError
from cloister.core.hardware import Placement
from cloister.engine.messages import EngineMessage, Loading, Ready
from cloister.engine.model_file import MOST_CONTEXT_TOKENS, check_model_file, file_identity
from cloister.engine.offload import plan_placement
from cloister.engine.probe import worthwhile_threads
from cloister.engine.shelf import Place, Shelf
from cloister.engine.speed_cache import SpeedCache
from cloister.engine.task import Task, cancelled, failure
from cloister.gguf.header import Header
from cloister.gguf.memory import MemoryNeed, needed_bytes

if TYPE_CHECKING:
    from concurrent.futures import Future

    from cloister.engine.llama.model import Model

_log = logging.getLogger(__name__)

T = TypeVar("T")

_STEP = 0.01
# The weights are this much of loading; the context, which reports nothing, is the rest.
_WEIGHTS_SHARE = 0.99
_WAIT_SECONDS = 0.1


class WithShelf(Protocol):
    """Runs a function on the worker's thread with the models in memory."""

    def __call__(self, use: Callable[[Shelf], T]) -> "Future[T]":
        """Return what `use` will return."""


class _UnwantedError(Exception):
    """Nobody waits for the model any more."""


def start_loading(task: Task, with_shelf: WithShelf) -> None:
    """Load the model of `task`, whose request is a Load, on a new thread."""
    threading.Thread(target=_perform, args=(task, with_shelf), name="loader", daemon=True).start()


def _perform(task: Task, with_shelf: WithShelf) -> None:
    try:
        final = _load(task, with_shelf)
    except Exception as error:  # noqa: BLE001  # a file must not end the engine for all others
        is_unwanted = task.stop.is_set()
        final = cancelled(task.request.id) if is_unwanted else failure(task.request.id, error)
    task.emit(final)


def _load(task: Task, with_shelf: WithShelf) -> EngineMessage:
    source, path = task.request.source, Path(task.request.source.path)
    report = _reporter(task)
    report(0.0)
    file = check_model_file(path, source.sha256, on_block=lambda: _require_wanted(task))
    # llama.cpp takes a moment to import, and the process is locked down only before it.
    from cloister.engine.llama.devices import gpu_devices

    need = _memory_need(file.header)
    placement = plan_placement(file.header.tensors, need, gpu_devices())
    n_bytes = need.total - placement.gpu_bytes
    while not with_shelf(lambda shelf: shelf.make_room(path.name, n_bytes)).result():
        # Only the end of somebody's work makes room, and a wait for that is no hang.
        task.stop.wait(_WAIT_SECONDS)
        _require_wanted(task)

    def on_progress(read: float) -> bool:
        report(min(read, _WEIGHTS_SHARE))
        return not task.should_stop()

    n_threads = worthwhile_threads(file.identity.n_bytes)
    model = _open(path, n_threads, on_progress, placement)
    if file_identity(path) != file.identity:
        model.close()
        raise ModelError(f"The model file {path} changed while it was loaded; try again.")
    model.find_speed(SpeedCache(path, n_threads, model.placement))
    place = Place(source, model, file.identity, n_threads, need.total - model.placement.gpu_bytes)
    with_shelf(lambda shelf: shelf.put(place)).result()
    report(1.0)
    return Ready(task.request.id, model.description, model.speed, model.placement)


def _open(
    path: Path, n_threads: int, on_progress: Callable[[float], bool], placement: Placement
) -> "Model":
    """Open the model where it was planned, or on the processor when a graphics driver fails."""
    from cloister.engine.llama.model import open_model

    try:
        return open_model(path, n_threads, on_progress, placement)
    except ModelError as error:
        if not placement.gpu_layers:
            raise
        _log.warning("loading on %s failed: %s", ", ".join(placement.devices), error)
    return open_model(path, n_threads, on_progress, Placement(placement.layers))


def _memory_need(header: Header) -> MemoryNeed:
    context_tokens = min(header.count("context_length"), MOST_CONTEXT_TOKENS)
    return needed_bytes(header, context_tokens)


def _require_wanted(task: Task) -> None:
    if task.should_stop():
        raise _UnwantedError


def _reporter(task: Task) -> Callable[[float], None]:
    """Return a callback that passes on the fractions a person would notice."""
    reported = -1.0

    def report(fraction: float) -> None:
        nonlocal reported
        if fraction >= reported + _STEP or fraction == 1.0 > reported:
            reported = fraction
            task.emit(Loading(task.request.id, fraction))
        task.last_sign = monotonic()

    return report
