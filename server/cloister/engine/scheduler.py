"""Whose request runs next; pure: a queue goes in, a queue and a decision come out.

One request runs at a time. Completions go before everything else, clients take turns, and within a
client the oldest goes first. A client that asks faster than it is served loses its own oldest
requests, never those of others. Every accepted job leaves the queue exactly once: started and
finished, dropped, or withdrawn.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import IntEnum

MAX_WAITING_PER_CLIENT = 8


class Priority(IntEnum):
    """Lower goes first."""

    COMPLETION = 0
    OTHER = 1


@dataclass(frozen=True, slots=True)
class Job:
    """One request of one client; the pair of numbers is unique while the job lives."""

    client: int
    request: int
    priority: Priority


@dataclass(frozen=True, slots=True)
class Queue:
    """`turns` are the clients in the order in which they were last served, oldest first."""

    waiting: tuple[Job, ...] = ()
    running: Job | None = None
    turns: tuple[int, ...] = ()


def accept(queue: Queue, job: Job) -> tuple[Queue, tuple[Job, ...]]:
    """Add a job; return the jobs of the same client that had to make room."""
    own = [other for other in queue.waiting if other.client == job.client]
    surplus = tuple(own[: max(0, len(own) + 1 - MAX_WAITING_PER_CLIENT)])
    kept = tuple(other for other in queue.waiting if other not in surplus)
    return replace(queue, waiting=(*kept, job)), surplus


def withdraw(queue: Queue, unwanted: Callable[[Job], bool]) -> tuple[Queue, tuple[Job, ...]]:
    """Remove the waiting jobs that nobody wants and return them; a running job is not touched."""
    removed = tuple(job for job in queue.waiting if unwanted(job))
    kept = tuple(job for job in queue.waiting if not unwanted(job))
    return replace(queue, waiting=kept), removed


def start_next(queue: Queue) -> tuple[Queue, Job | None]:
    """Start the best waiting job when none is running; return it, or None."""
    if queue.running is not None or not queue.waiting:
        return queue, None
    # `min` keeps the first of equals, which is the oldest.
    job = min(queue.waiting, key=lambda job: (job.priority, _last_turn(queue, job.client)))
    waiting = tuple(other for other in queue.waiting if other is not job)
    turns = (*(client for client in queue.turns if client != job.client), job.client)
    return Queue(waiting, job, turns), job


def finish_running(queue: Queue) -> Queue:
    """Forget the running job and the turns of clients that wait for nothing and ran long ago."""
    interested = {job.client for job in queue.waiting} | set(queue.turns[-1:])
    turns = tuple(client for client in queue.turns if client in interested)
    return replace(queue, running=None, turns=turns)


def _last_turn(queue: Queue, client: int) -> int:
    return queue.turns.index(client) if client in queue.turns else -1
