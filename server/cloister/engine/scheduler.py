"""Whose request runs next; pure: a queue goes in, a queue and a decision come out.

Priorities are strict: a request that is more urgent than the one at work interrupts it, and what
was interrupted goes on afterwards, so `running` is a stack. Among equals clients take turns, and
within a client the oldest goes first. A client that asks faster than it is served loses its own
oldest requests, never those of others. A request whose model is not in memory goes back to wait;
one model loads at a time, that of the best such request. Every accepted job leaves the queue
exactly once: finished, dropped, or withdrawn.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from cloister.core.generation import Priority
from cloister.engine.messages import ModelSource

MAX_WAITING_PER_CLIENT = 8


@dataclass(frozen=True, slots=True)
class Job:
    """One request of one client; the pair of numbers is unique while the job lives."""

    client: int
    request: int
    priority: Priority
    model: ModelSource


@dataclass(frozen=True, slots=True)
class Queue:
    """`running` ends with the job at work; those before it are interrupted.

    `absent` are the models that waiting jobs were started for in vain, `loading` is one of them.
    `turns` are the clients in the order in which they were last served, oldest first.
    """

    waiting: tuple[Job, ...] = ()
    running: tuple[Job, ...] = ()
    absent: frozenset[ModelSource] = frozenset()
    loading: ModelSource | None = None
    turns: tuple[int, ...] = ()


def accept(queue: Queue, job: Job) -> tuple[Queue, tuple[Job, ...]]:
    """Add a job; return the jobs of the same client that had to make room."""
    own = [other for other in queue.waiting if other.client == job.client]
    surplus = tuple(own[: max(0, len(own) + 1 - MAX_WAITING_PER_CLIENT)])
    kept = tuple(other for other in queue.waiting if other not in surplus)
    return replace(queue, waiting=(*kept, job)), surplus


def withdraw(queue: Queue, unwanted: Callable[[Job], bool]) -> tuple[Queue, tuple[Job, ...]]:
    """Remove the waiting jobs that nobody wants and return them; running ones are not touched."""
    removed = tuple(job for job in queue.waiting if unwanted(job))
    kept = tuple(job for job in queue.waiting if not unwanted(job))
    return replace(queue, waiting=kept), removed


def start_next(queue: Queue) -> tuple[Queue, Job | None]:
    """Start the best waiting job if it is more urgent than the one at work; return it, or None."""
    ready = [job for job in queue.waiting if job.model not in queue.absent]
    job = _best(queue, ready)
    if job is None or (queue.running and job.priority.rank >= queue.running[-1].priority.rank):
        return queue, None
    waiting = tuple(other for other in queue.waiting if other is not job)
    turns = (*(client for client in queue.turns if client != job.client), job.client)
    return replace(queue, waiting=waiting, running=(*queue.running, job), turns=turns), job


def finish(queue: Queue, job: Job) -> Queue:
    """Forget a running job and the turns of clients that wait for nothing and ran long ago."""
    running = tuple(other for other in queue.running if other != job)
    interested = {other.client for other in queue.waiting} | set(queue.turns[-1:])
    turns = tuple(client for client in queue.turns if client in interested)
    return replace(queue, running=running, turns=turns)


def postpone(queue: Queue, job: Job) -> Queue:
    """Let a running job, which has found its model absent, wait for it at its old place."""
    queue = replace(queue, waiting=(job, *queue.waiting))
    return replace(finish(queue, job), absent=queue.absent | {job.model})


def load_next(queue: Queue) -> tuple[Queue, ModelSource | None]:
    """Begin to load the model of the best job that lacks its own; return it, or None."""
    wanting = [job for job in queue.waiting if job.model in queue.absent]
    queue = replace(queue, absent=frozenset(job.model for job in wanting))
    job = _best(queue, wanting)
    if job is None or queue.loading is not None:
        return queue, None
    return replace(queue, loading=job.model), job.model


def finish_loading(queue: Queue) -> Queue:
    """Let the jobs of the loaded model start."""
    return replace(queue, absent=queue.absent - {queue.loading}, loading=None)


def _best(queue: Queue, jobs: list[Job]) -> Job | None:
    # `min` keeps the first of equals, which is the oldest.
    return min(
        jobs, key=lambda job: (job.priority.rank, _last_turn(queue, job.client)), default=None
    )


def _last_turn(queue: Queue, client: int) -> int:
    return queue.turns.index(client) if client in queue.turns else -1
