"""Between clients and the worker: who waits, who runs, and that each request ends exactly once.

Lives on the event loop's thread; the worker's messages arrive through `call_soon_threadsafe`. It
knows clients by number and by the function that replies to them, not by sockets.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic

from cloister.core.errors import ProtocolError
from cloister.core.generation import Finish, Timings
from cloister.engine.messages import Counted, Done, EngineMessage, Failed, Generate, Ready
from cloister.engine.scheduler import (
    Job,
    Priority,
    Queue,
    accept,
    finish_running,
    start_next,
    withdraw,
)
from cloister.engine.worker import Task, WorkRequest

Reply = Callable[[EngineMessage], None]
_Final = Ready | Counted | Done | Failed


@dataclass(frozen=True, slots=True)
class _Pending:
    """A request that has not ended, and how to speak to the client who asked."""

    task: Task
    reply: Reply


class Dispatcher:
    """Queues requests, hands one at a time to `start`, and replies."""

    def __init__(self, start: Callable[[Task], None]) -> None:
        self.counts: Counter[str] = Counter()
        self._start = start
        self._loop = asyncio.get_running_loop()
        self._queue = Queue()
        self._pending: dict[tuple[int, int], _Pending] = {}

    @property
    def n_waiting(self) -> int:
        """How many requests wait for their turn."""
        return len(self._queue.waiting)

    def submit(self, client: int, request: WorkRequest, reply: Reply) -> None:
        """Accept a request; raises ProtocolError when its id is in use."""
        if (client, request.id) in self._pending:
            raise ProtocolError(f"Request {request.id} is already running.")
        priority = Priority.COMPLETION if isinstance(request, Generate) else Priority.OTHER
        job = Job(client, request.id, priority)
        task = Task(request, lambda message: self._deliver_soon(job, message))
        self._pending[client, request.id] = _Pending(task, reply)
        self._queue, surplus = accept(self._queue, job)
        self._end_unstarted(surplus)
        self._start_next()

    def cancel(self, client: int, request: int) -> None:
        """End a waiting request now and a running one soon; unknown ones are ignored."""
        self._withdraw(lambda job: (job.client, job.request) == (client, request))

    def withdraw_client(self, client: int) -> None:
        """Cancel everything that a client has asked for."""
        self._withdraw(lambda job: job.client == client)

    def withdraw_all(self) -> None:
        """Cancel everything."""
        self._withdraw(lambda _job: True)

    def silent_seconds(self) -> float:
        """Return how long the running request has shown no sign of life; 0 when none runs."""
        job = self._queue.running
        if job is None:
            return 0.0
        return monotonic() - self._pending[job.client, job.request].task.last_sign

    def _withdraw(self, unwanted: Callable[[Job], bool]) -> None:
        self._queue, removed = withdraw(self._queue, unwanted)
        self._end_unstarted(removed)
        running = self._queue.running
        if running is not None and unwanted(running):
            self._pending[running.client, running.request].task.stop.set()

    def _end_unstarted(self, jobs: tuple[Job, ...]) -> None:
        for job in jobs:
            self._end(job, Done(job.request, Finish.CANCELLED, Timings()))

    def _start_next(self) -> None:
        self._queue, job = start_next(self._queue)
        if job is not None:
            task = self._pending[job.client, job.request].task
            task.last_sign = monotonic()
            self._start(task)

    def _deliver_soon(self, job: Job, message: EngineMessage) -> None:
        # Called by the worker, which may outlive the loop by one message.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._deliver, job, message)

    def _deliver(self, job: Job, message: EngineMessage) -> None:
        if not isinstance(message, _Final):
            self._pending[job.client, job.request].reply(message)
            return
        self._queue = finish_running(self._queue)
        self._end(job, message)
        self._start_next()

    def _end(self, job: Job, message: _Final) -> None:
        self._count(message)
        self._pending.pop((job.client, job.request)).reply(message)

    def _count(self, message: _Final) -> None:
        if isinstance(message, Done):
            self.counts["tokens"] += message.timings.generated_tokens
        if isinstance(message, Failed):
            self.counts["failed"] += 1
        elif isinstance(message, Done) and message.finish is Finish.CANCELLED:
            self.counts["cancelled"] += 1
        else:
            self.counts["finished"] += 1
