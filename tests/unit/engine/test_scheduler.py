from collections import Counter
from dataclasses import replace
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cloister.core.generation import Priority
from cloister.engine.messages import ModelSource
from cloister.engine.scheduler import (
    MAX_WAITING_PER_CLIENT,
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

COUNT, COMPLETION, ACTION, WARM_UP = Priority
MODELS = [ModelSource(name) for name in ("/a", "/b", "/c")]
MODEL = MODELS[0]


def job(client: int, request: int, priority: Priority, model: ModelSource = MODEL) -> Job:
    return Job(client, request, priority, model)


class Scheduling(RuleBasedStateMachine):
    """Any sequence of events: jobs end exactly once, in the order of their priorities."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = Queue()
        self.accepted: list[Job] = []
        self.ended: list[Job] = []

    @rule(
        client=st.integers(0, 2),
        priority=st.sampled_from(Priority),
        model=st.sampled_from(MODELS),
    )
    def accept(self, client: int, priority: Priority, model: ModelSource) -> None:
        new = Job(client, len(self.accepted), priority, model)
        self.accepted.append(new)
        self.queue, surplus = accept(self.queue, new)
        self.ended += surplus

    @rule()
    def start(self) -> None:
        before = self.queue
        self.queue, started = start_next(before)
        ready = [waiting for waiting in before.waiting if waiting.model not in before.absent]
        if started is not None:
            assert started.priority.rank == min(waiting.priority.rank for waiting in ready)
        elif ready:
            assert before.running
            assert all(w.priority.rank >= before.running[-1].priority.rank for w in ready)

    @precondition(lambda self: self.queue.running)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        # Usually the last one; an earlier one when its end and the interruption cross each other.
        done = data.draw(st.sampled_from(self.queue.running))
        self.ended.append(done)
        self.queue = finish(self.queue, done)

    @precondition(lambda self: self.queue.running)
    @rule()
    def miss_the_model(self) -> None:
        missing = self.queue.running[-1]
        self.queue = postpone(self.queue, missing)
        assert start_next(self.queue)[1] != missing

    @rule()
    def load(self) -> None:
        before = self.queue
        self.queue, model = load_next(before)
        if model is not None:
            assert before.loading is None
            wanting = [w for w in before.waiting if w.model in before.absent]
            best = min(waiting.priority.rank for waiting in wanting)
            assert any(w.model == model for w in wanting if w.priority.rank == best)

    @precondition(lambda self: self.queue.loading is not None)
    @rule()
    def loaded(self) -> None:
        self.queue = finish_loading(self.queue)

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
        # A job that came back to wait for its model was accepted long before.
        waiting = Counter(job.client for job in self.queue.waiting)
        assert max(waiting.values(), default=0) <= MAX_WAITING_PER_CLIENT + len(Priority)

    @invariant()
    def what_runs_is_more_urgent_than_what_it_interrupts(self) -> None:
        for interrupted, urgent in pairwise(self.queue.running):
            assert urgent.priority.rank < interrupted.priority.rank

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        everywhere = [*self.ended, *self.queue.waiting, *self.queue.running]
        assert sorted(everywhere, key=lambda job: job.request) == self.accepted

    def teardown(self) -> None:
        """Whatever happened, everything that waits runs in the end."""
        while self.queue.waiting or self.queue.running:
            self.queue = finish_loading(load_next(self.queue)[0])
            self.queue = replace(self.queue, absent=frozenset())
            self.queue, _ = start_next(self.queue)
            self.queue = finish(self.queue, self.queue.running[-1])


TestScheduling = Scheduling.TestCase


def queued(*jobs: Job) -> Queue:
    queue = Queue()
    for new in jobs:
        queue, _ = accept(queue, new)
    return queue


def order(*jobs: Job) -> list[int]:
    """Return the numbers of the jobs in the order in which they run one after the other."""
    queue, started = queued(*jobs), list[int]()
    while True:
        queue, next_job = start_next(queue)
        if next_job is None:
            return started
        started.append(next_job.request)
        queue = finish(queue, next_job)


def test_what_is_more_urgent_goes_first_and_the_oldest_of_equals() -> None:
    jobs = (
        *(job(1, 1, WARM_UP), job(1, 2, ACTION), job(1, 3, COMPLETION), job(1, 4, COUNT)),
        *(job(1, 5, WARM_UP), job(1, 6, COMPLETION), job(1, 7, COUNT)),
    )
    assert order(*jobs) == [4, 7, 3, 6, 2, 1, 5]


def test_clients_take_turns() -> None:
    busy = [job(1, number, COMPLETION) for number in range(4)]
    late = [job(2, number, COMPLETION) for number in range(10, 12)]
    assert order(*busy, *late) == [0, 10, 1, 11, 2, 3]


def test_only_what_is_more_urgent_interrupts() -> None:
    slow, equal, urgent = job(1, 1, ACTION), job(2, 2, ACTION), job(2, 3, COMPLETION)
    queue, _ = start_next(queued(slow))
    queue, _ = accept(queue, equal)
    assert start_next(queue)[1] is None
    queue, _ = accept(queue, urgent)
    queue, started = start_next(queue)
    assert started == urgent
    assert queue.running == (slow, urgent)
    queue = finish(queue, urgent)
    assert queue.running == (slow,)
    assert start_next(queue)[1] is None


def test_while_one_model_loads_jobs_of_others_run() -> None:
    absent, present = job(1, 1, COMPLETION, MODELS[1]), job(2, 2, ACTION)
    queue, _ = start_next(queued(absent, present))
    queue, model = load_next(postpone(queue, absent))
    assert model == MODELS[1]
    queue, started = start_next(queue)
    assert started == present
    queue = finish(queue, present)
    assert start_next(queue)[1] is None
    queue, started = start_next(finish_loading(queue))
    assert started == absent


def test_one_model_loads_at_a_time_and_the_most_urgent_first() -> None:
    later, sooner = job(1, 1, ACTION, MODELS[1]), job(2, 2, COMPLETION, MODELS[2])
    queue = queued(later, sooner)
    for _ in range(2):
        queue, started = start_next(queue)
        assert started is not None
        queue = postpone(queue, started)
    queue, model = load_next(queue)
    assert model == MODELS[2]
    assert load_next(queue)[1] is None
    queue, model = load_next(finish_loading(queue))
    assert model == MODELS[1]


def test_a_model_that_nobody_waits_for_any_more_is_not_loaded() -> None:
    unwanted = job(1, 1, COMPLETION)
    queue, _ = start_next(queued(unwanted))
    queue, _ = withdraw(postpone(queue, unwanted), lambda _job: True)
    queue, model = load_next(queue)
    assert model is None
    assert queue.absent == frozenset()


def test_a_hasty_client_loses_its_own_oldest_requests() -> None:
    queue = queued(job(2, 0, COMPLETION))
    dropped: list[int] = []
    for number in range(1, MAX_WAITING_PER_CLIENT + 3):
        queue, surplus = accept(queue, job(1, number, COMPLETION))
        dropped += [old.request for old in surplus]
    assert dropped == [1, 2]
    assert job(2, 0, COMPLETION) in queue.waiting


def test_turns_do_not_grow_with_the_number_of_clients() -> None:
    queue = Queue()
    for client in range(100):
        queue, _ = accept(queue, job(client, client, COMPLETION))
        queue, started = start_next(queue)
        assert started is not None
        queue = finish(queue, started)
    assert len(queue.turns) == 1
