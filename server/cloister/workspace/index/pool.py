"""Worker processes that read and parse, because a parser can crash and Python has one core.

A worker that dies or hangs takes only its batch with it. It has noted which file it was at: that
one is tried again alone, and left out when the same happens again.
"""

import gc
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from mmap import mmap
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from cloister.workspace.imports import Project
from cloister.workspace.index.apart import end, start_apart
from cloister.workspace.index.batch import Batch, BatchResult, deadly_file, load, work_off
from cloister.workspace.index.bounds import bound_analyser
from cloister.workspace.index.queue import BatchQueue

_MOST_WORKERS = 4
# For one file. One that keeps the processor busy is given up sooner.
_PATIENCE_SECONDS = 60.0
_POSITION_BYTES = 4
# Rows are many small objects and no cycles, so that looking for those is for nothing.
_GC_THRESHOLD = 200_000


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    # Memory that both share: the position in its batch that the worker is at.
    at: mmap
    batch: Batch
    last_position: int = 0
    deadline: float = 0.0

    @property
    def position(self) -> int:
        return int.from_bytes(self.at[:_POSITION_BYTES], sys.byteorder)


def usual_workers() -> int:
    """Return how many workers a large update is worth here."""
    return max(1, min(_MOST_WORKERS, len(os.sched_getaffinity(0))))


def work_in_pool(root: Path, project: Project, queue: BatchQueue) -> Iterator[BatchResult]:
    """Work batches off in as many processes as pay; results come in any order."""
    if queue:
        # Once for all of them.
        load()
    workers: list[_Worker] = []
    try:
        while workers or queue:
            while len(workers) < usual_workers() and (batch := queue.take()):
                foreign = [worker.connection for worker in workers]
                at = mmap(-1, _POSITION_BYTES)
                work = partial(_work, root, project, at)
                workers.append(_Worker(*start_apart(work, foreign), at, batch))
                _assign(workers[-1], batch)
            for worker in _ready(workers):
                yield from _collect(worker, workers, queue)
    finally:
        for worker in workers:
            end(worker.process, worker.connection)


def _collect(worker: _Worker, workers: list[_Worker], queue: BatchQueue) -> Iterator[BatchResult]:
    """Take a worker's result and give it the next batch, before the result is written."""
    try:
        result: BatchResult = worker.connection.recv()
    except (EOFError, OSError):
        position = worker.position
        _dismiss(worker, workers)
        if (task := queue.suspect(worker.batch, position)) is not None:
            yield deadly_file(worker.batch.block, task)
        return
    queue.put_back(result.left)
    if (batch := queue.take()) is None:
        _dismiss(worker, workers)
    else:
        _assign(worker, batch)
    yield result


def _ready(workers: list[_Worker]) -> list[_Worker]:
    """Wait for workers that answer or are dead; those that stay at one file are made so."""
    patience = min(worker.deadline for worker in workers) - time.monotonic()
    ready = wait([worker.connection for worker in workers], max(0.0, patience))
    for worker in workers:
        if worker.position != worker.last_position:
            _give_time(worker)
        elif worker.deadline <= time.monotonic() and worker.connection not in ready:
            worker.process.kill()
    return [worker for worker in workers if worker.connection in ready]


def _assign(worker: _Worker, batch: Batch) -> None:
    worker.batch = batch
    _note(worker.at, 0)
    _give_time(worker)
    # One that has died is found out when its answer is read.
    with suppress(OSError):
        worker.connection.send(batch)


def _dismiss(worker: _Worker, workers: list[_Worker]) -> None:
    workers.remove(worker)
    end(worker.process, worker.connection)


def _give_time(worker: _Worker) -> None:
    worker.last_position = worker.position
    worker.deadline = time.monotonic() + _PATIENCE_SECONDS


def _work(root: Path, project: Project, at: mmap, connection: Connection) -> None:
    bound_analyser()
    gc.freeze()
    gc.set_threshold(_GC_THRESHOLD)
    while True:
        connection.send(work_off(root, project, connection.recv(), partial(_note, at)))


def _note(at: mmap, position: int) -> None:
    at[:_POSITION_BYTES] = position.to_bytes(_POSITION_BYTES, sys.byteorder)
