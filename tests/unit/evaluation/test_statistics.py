from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.evaluation.statistics import ClusterBootstrap, Tally, mcnemar, wilson


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [
        # From the tables in Newcombe (1998).
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (29, 29, 0.8830, 1.0),
    ],
)
def test_wilson_gives_published_intervals(successes: int, n: int, low: float, high: float) -> None:
    interval = wilson(successes, n)
    assert interval.value == successes / n
    assert interval.low == pytest.approx(low, abs=1e-4)
    assert interval.high == pytest.approx(high, abs=1e-4)


def test_of_nothing_every_rate_is_possible() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0.0, 1.0)


@pytest.mark.parametrize("pair", [(0, 0), (1, 0), (3, 3), (2, 9), (10, 1)])
def test_mcnemar_is_the_share_of_tosses_that_are_as_uneven(pair: tuple[int, int]) -> None:
    n, uneven = sum(pair), abs(pair[0] - pair[1])
    tosses = [abs(2 * sum(toss) - n) >= uneven for toss in product((0, 1), repeat=n)]
    assert mcnemar(*pair) == pytest.approx(sum(tosses) / len(tosses))


def test_mcnemar_takes_many_pairs() -> None:
    assert mcnemar(3000, 3000) == 1.0
    assert mcnemar(3000, 2000) < 1e-9


CLUSTERS = [f"commit{number}" for number in range(40)]
HALF = {name: Tally(number % 2, 1) for number, name in enumerate(CLUSTERS)}


def test_the_interval_of_a_share_is_about_that_of_independent_tosses() -> None:
    interval = ClusterBootstrap(CLUSTERS, 0).ratio(HALF)
    expected = wilson(20, 40)
    assert interval.value == 0.5
    assert interval.low == pytest.approx(expected.low, abs=0.03)
    assert interval.high == pytest.approx(expected.high, abs=0.03)


def test_names_of_one_commit_are_not_independent() -> None:
    few = {f"commit{number}": Tally(20 * (number % 2), 20) for number in range(4)}
    many = {f"commit{number}": Tally(number % 2, 1) for number in range(80)}
    width_of_few = _width(few)
    assert width_of_few > 2 * _width(many)


def test_a_difference_is_taken_resample_by_resample() -> None:
    better = {name: Tally(tally.part + 0.1, 1) for name, tally in HALF.items()}
    interval = ClusterBootstrap(CLUSTERS, 0).difference(HALF, better)
    assert (interval.low, interval.high) == pytest.approx((0.1, 0.1))


def test_what_measures_nothing_is_zero() -> None:
    nothing = ClusterBootstrap(CLUSTERS, 0).ratio({})
    assert (nothing.value, nothing.low, nothing.high) == (0.0, 0.0, 0.0)


@given(st.integers(0, 5))
def test_a_seed_gives_one_answer(seed: int) -> None:
    first, second = (ClusterBootstrap(CLUSTERS, seed, 50).ratio(HALF) for _ in range(2))
    assert first == second


def _width(tallies: dict[str, Tally]) -> float:
    interval = ClusterBootstrap(list(tallies), 0).ratio(tallies)
    return interval.high - interval.low
