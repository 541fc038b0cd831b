"""Between clients and the threads that work: who waits, who runs, what loads.

Each request ends exactly once. All of this lives on the event loop's thread; what the other threads
say arrives through `call_soon_threadsafe`. Clients are numbers here, and functions that reply.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from time import monotonic

from cloister.core.errors import ProtocolError
from cloister.core.generation import Finish, Priority
from cloister.engine.messages import (
    ChatLaidOut,
    Counted,
    Done,
    EngineMessage,
    Failed,
    Generate,
    Load,
    Loading,
    Ready,
)
from cloister.engine.scheduler import (
    Job,
    Queue,
    accept,
    finish,
    finish_loading,
    load_next,
    postpone,
    start_next,
    withdraw,
)
from cloister.engine.surroundings import ENGINE_DOCUMENTS, KnownSurroundings
from cloister.engine.task import ModelAbsent, Task, WorkRequest, cancelled

Reply = Callable[[EngineMessage], None]
_Final = Ready | Counted | ChatLaidOut | Done | Failed


@dataclass(frozen=True, slots=True)
class _Pending:
    """A request that has not ended, and how to speak to the client who asked."""

    task: Task
    reply: Reply


class Dispatcher:
    """Queues requests, hands them to `start` when it is their turn, models to `load`, and replies.

    While a task is at work `start` gets only more urgent ones.
    """

    def __init__(self, start: Callable[[Task], None], load: Callable[[Task], None]) -> None:
        self.counts: Counter[str] = Counter()
        self._start = start
        self._load = load
        self._loop = asyncio.get_running_loop()
        self._queue = Queue()
        self._pending: dict[tuple[int, int], _Pending] = {}
        self._loading: Task | None = None
        self._surroundings = KnownSurroundings(ENGINE_DOCUMENTS)

    @property
    def n_waiting(self) -> int:
        """How many requests wait for their turn."""
        return len(self._queue.waiting)

    @property
    def is_idle(self) -> bool:
        """Whether nobody waits for an answer."""
        return not self._pending

    def submit(self, client: int, request: WorkRequest, reply: Reply) -> None:
        """Accept a request; raises ProtocolError when its id is in use."""
        if (client, request.id) in self._pending:
            raise ProtocolError(f"Request {request.id} is already running.")
        if isinstance(request, Generate):
            self._withdraw(lambda old: old.client == client and old.priority is Priority.WARM_UP)
            request = self._surroundings.completed(client, request)
        job = Job(client, request.id, _priority(request), request.source)
        task = Task(request, lambda message: self._call_soon(self._deliver, job, message))
        self._pending[client, request.id] = _Pending(task, reply)
        self._queue, surplus = accept(self._queue, job)
        self._end_unstarted(surplus)
        self._advance()

    def cancel(self, client: int, request: int) -> None:
        """End a waiting request now and a running one soon; unknown ones are ignored."""
        self._withdraw(lambda job: (job.client, job.request) == (client, request))

    def withdraw_client(self, client: int) -> None:
        """Cancel everything that a client has asked for, and forget what it has sent."""
        self._surroundings.forget(client)
        self._withdraw(lambda job: job.client == client)

    def withdraw_all(self) -> None:
        """Cancel everything."""
        self._withdraw(lambda _job: True)

    def silent_seconds(self) -> float:
        """Return how long a thread that works has shown no sign of life; 0 when none does."""
        tasks = [self._task(job) for job in self._queue.running[-1:]]
        if self._loading is not None:
            tasks.append(self._loading)
        return max((monotonic() - task.last_sign for task in tasks), default=0.0)

    def _withdraw(self, unwanted: Callable[[Job], bool]) -> None:
        self._queue, removed = withdraw(self._queue, unwanted)
        self._end_unstarted(removed)
        for job in filter(unwanted, self._queue.running):
            self._task(job).stop.set()

    def _end_unstarted(self, jobs: tuple[Job, ...]) -> None:
        for job in jobs:
            self._end(job, cancelled(job.request))

    def _advance(self) -> None:
        """Start what may start now."""
        self._queue, job = start_next(self._queue)
        if job is not None:
            self._show_life()
            self._start(self._task(job))
        self._queue, source = load_next(self._queue)
        if source is not None:
            hear = self._hear_of_loading
            self._loading = Task(Load(0, source), lambda message: self._call_soon(hear, message))
            self._load(self._loading)
        elif self._loading is not None and self._queue.absent and not self._jobs_that_load():
            # Without another model to load it goes on: who types asks for it again in a moment.
            self._loading.stop.set()

    def _call_soon(self, function: Callable[..., None], *arguments: object) -> None:
        # Called by other threads, which may outlive the loop by one message.
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *arguments)

    def _deliver(self, job: Job, message: EngineMessage | ModelAbsent) -> None:
        if isinstance(message, ModelAbsent) and self._task(job).stop.is_set():
            message = cancelled(job.request)
        if isinstance(message, ModelAbsent):
            self._queue = postpone(self._queue, job)
        elif isinstance(message, _Final):
            self._queue = finish(self._queue, job)
            self._end(job, message)
        else:
            self._pending[job.client, job.request].reply(message)
            return
        self._show_life()
        self._advance()

    def _hear_of_loading(self, message: EngineMessage) -> None:
        jobs = self._jobs_that_load()
        if isinstance(message, Loading):
            for job in jobs:
                self._pending[job.client, job.request].reply(replace(message, id=job.request))
            return
        self._queue = finish_loading(self._queue)
        self._loading = None
        if isinstance(message, Failed):
            self._queue, jobs = withdraw(self._queue, jobs.__contains__)
            for job in jobs:
                self._end(job, replace(message, id=job.request))
        self._advance()

    def _show_life(self) -> None:
        """Give the task at work its time again: it may have been interrupted for long."""
        for job in self._queue.running[-1:]:
            self._task(job).last_sign = monotonic()

    def _jobs_that_load(self) -> tuple[Job, ...]:
        return tuple(job for job in self._queue.waiting if job.model == self._queue.loading)

    def _task(self, job: Job) -> Task:
        return self._pending[job.client, job.request].task

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


def _priority(request: WorkRequest) -> Priority:
    # Describing is as quick as counting, and both stand before a completion.
    return request.priority if isinstance(request, Generate) else Priority.COUNT
