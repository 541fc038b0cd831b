from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cloister.engine.scheduler import (
    MAX_WAITING_PER_CLIENT,
    Job,
    Priority,
    Queue,
    accept,
    finish_running,
    start_next,
    withdraw,
)

COMPLETION, OTHER = Priority.COMPLETION, Priority.OTHER


class Scheduling(RuleBasedStateMachine):
    """Any sequence of events: every accepted job ends exactly once, and queues stay bounded."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = Queue()
        self.accepted: list[Job] = []
        self.ended: list[Job] = []

    @rule(client=st.integers(0, 2), priority=st.sampled_from(Priority))
    def accept(self, client: int, priority: Priority) -> None:
        job = Job(client, len(self.accepted), priority)
        self.accepted.append(job)
        self.queue, surplus = accept(self.queue, job)
        self.ended += surplus

    @rule()
    def start(self) -> None:
        self.queue, _ = start_next(self.queue)

    @precondition(lambda self: self.queue.running is not None)
    @rule()
    def finish(self) -> None:
        assert self.queue.running is not None
        self.ended.append(self.queue.running)
        self.queue = finish_running(self.queue)

    @rule(request=st.integers(0, 30))
    def cancel(self, request: int) -> None:
        self.queue, removed = withdraw(self.queue, lambda job: job.request == request)
        self.ended += removed

    @rule(client=st.integers(0, 2))
    def leave(self, client: int) -> None:
        self.queue, removed = withdraw(self.queue, lambda job: job.client == client)
        self.ended += removed

    @invariant()
    def queues_are_bounded(self) -> None:
        waiting = Counter(job.client for job in self.queue.waiting)
        assert max(waiting.values(), default=0) <= MAX_WAITING_PER_CLIENT

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        running = [] if self.queue.running is None else [self.queue.running]
        everywhere = [*self.ended, *self.queue.waiting, *running]
        assert sorted(everywhere, key=lambda job: job.request) == self.accepted


TestScheduling = Scheduling.TestCase


def test_what_waits_is_started_in_the_end() -> None:
    assert sorted(order(*(Job(n % 3, n, Priority(n % 2)) for n in range(12)))) == list(range(12))


def order(*jobs: Job) -> list[int]:
    queue = Queue()
    for job in jobs:
        queue, _ = accept(queue, job)
    started: list[int] = []
    while True:
        queue, next_job = start_next(queue)
        if next_job is None:
            return started
        started.append(next_job.request)
        queue = finish_running(queue)


def test_completions_go_first_and_the_oldest_of_equals() -> None:
    jobs = (Job(1, 1, OTHER), Job(1, 2, COMPLETION), Job(1, 3, OTHER), Job(1, 4, COMPLETION))
    assert order(*jobs) == [2, 4, 1, 3]


def test_clients_take_turns() -> None:
    busy = [Job(1, number, COMPLETION) for number in range(4)]
    late = [Job(2, number, COMPLETION) for number in range(10, 12)]
    assert order(*busy, *late) == [0, 10, 1, 11, 2, 3]


def test_only_one_job_runs() -> None:
    queue, _ = accept(Queue(), Job(1, 1, COMPLETION))
    queue, _ = accept(queue, Job(1, 2, COMPLETION))
    queue, first = start_next(queue)
    queue, second = start_next(queue)
    assert first == Job(1, 1, COMPLETION)
    assert second is None


def test_a_hasty_client_loses_its_own_oldest_requests() -> None:
    queue, _ = accept(Queue(), Job(2, 0, COMPLETION))
    dropped: list[int] = []
    for number in range(1, MAX_WAITING_PER_CLIENT + 3):
        queue, surplus = accept(queue, Job(1, number, COMPLETION))
        dropped += [job.request for job in surplus]
    assert dropped == [1, 2]
    assert Job(2, 0, COMPLETION) in queue.waiting


def test_turns_do_not_grow_with_the_number_of_clients() -> None:
    queue = Queue()
    for client in range(100):
        queue, _ = accept(queue, Job(client, client, COMPLETION))
        queue, _ = start_next(queue)
        queue = finish_running(queue)
    assert len(queue.turns) == 1
