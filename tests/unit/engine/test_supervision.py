import pytest

from cloister.core.errors import BackendUnavailableError
from cloister.engine.supervision import (
    MAX_RESTARTS,
    WINDOW_SECONDS,
    Supervisor,
    Verdict,
    judge,
    wait_seconds,
)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_the_first_death_costs_no_wait_and_further_ones_double_it() -> None:
    assert [wait_seconds(n) for n in range(1, MAX_RESTARTS + 1)] == [0.0, 0.5, 1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("deaths", "now", "verdict"),
    [
        ((), 0.0, Verdict.START),
        ((10.0,), 10.0, Verdict.START),
        ((10.0, 10.1), 10.2, Verdict.WAIT),
        ((10.0, 10.1), 10.7, Verdict.START),
        ((0.0, 10.0, 20.0, 30.0, 40.0), 50.0, Verdict.START),
        ((0.0, 10.0, 20.0, 30.0, 40.0, 50.0), 60.0, Verdict.OFF),
        ((0.0, 10.0, 20.0, 30.0, 40.0, 50.0), 50.0 + WINDOW_SECONDS, Verdict.START),
    ],
)
def test_judge(deaths: tuple[float, ...], now: float, verdict: Verdict) -> None:
    assert judge(deaths, now) is verdict


def test_after_too_many_deaths_it_stays_off_with_one_sentence() -> None:
    clock = Clock()
    supervisor = Supervisor(clock)
    for _ in range(MAX_RESTARTS + 1):
        supervisor.record_death()
        clock.now += 10
    clock.now += 10 * WINDOW_SECONDS
    with pytest.raises(BackendUnavailableError, match="is off now"):
        supervisor.require_start()


def test_deaths_far_apart_never_turn_it_off() -> None:
    clock = Clock()
    supervisor = Supervisor(clock)
    for _ in range(10 * MAX_RESTARTS):
        supervisor.record_death()
        clock.now += WINDOW_SECONDS / MAX_RESTARTS
    supervisor.require_start()
    assert len(supervisor.deaths) <= MAX_RESTARTS + 1


def test_while_it_waits_it_says_so() -> None:
    clock = Clock()
    supervisor = Supervisor(clock)
    supervisor.record_death()
    supervisor.require_start()
    supervisor.record_death()
    with pytest.raises(BackendUnavailableError, match="in a few seconds"):
        supervisor.require_start()
    clock.now += wait_seconds(2)
    supervisor.require_start()
