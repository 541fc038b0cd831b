"""The statistics of an evaluation: intervals for rates, and paired tests. Pure.

Cases of one commit resemble each other, so means are resampled by commit and not by case.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

N_RESAMPLES = 10_000

_Z_95 = 1.959963984540054
_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate and the interval that holds the true value in 95 of 100 evaluations."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Tally:
    """What one cluster adds to a ratio: its numerator and its denominator."""

    part: float
    whole: float


def wilson(successes: int, n: int) -> Interval:
    """Return a rate with its Wilson 95 % interval; of nothing everything is possible."""
    if n == 0:
        return Interval(0.0, 0.0, 1.0)
    rate, z2 = successes / n, _Z_95 * _Z_95
    middle = (rate + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z_95 * math.sqrt(rate * (1 - rate) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return Interval(rate, max(0.0, middle - half), min(1.0, middle + half))


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the exact two-sided p-value of as many pairs that only one of two got right."""
    n, fewer = only_first + only_second, min(only_first, only_second)
    tail = sum(math.comb(n, k) for k in range(fewer + 1))
    return float(min(Fraction(1), Fraction(2 * tail, 2**n)))


class ClusterBootstrap:
    """One set of resamples of the clusters, used for every figure of a run.

    Figures that share resamples can be compared pair by pair.
    """

    def __init__(self, clusters: Sequence[str], seed: int, n_resamples: int = N_RESAMPLES) -> None:
        self._clusters = sorted(set(clusters))
        random = Random(seed)  # noqa: S311  # resampling is no cryptography
        indices = range(len(self._clusters))
        self._draws = [random.choices(indices, k=len(indices)) for _ in range(n_resamples)]

    def ratio(self, tallies: Mapping[str, Tally]) -> Interval:
        """Return a ratio of sums over all clusters; missing ones add nothing."""
        return _interval(_ratio(tallies.values()), self._ratios(tallies))

    def difference(self, first: Mapping[str, Tally], second: Mapping[str, Tally]) -> Interval:
        """Return how much greater the second ratio is than the first, paired by resample."""
        value = _ratio(second.values()) - _ratio(first.values())
        pairs = zip(self._ratios(first), self._ratios(second), strict=True)
        return _interval(value, [after - before for before, after in pairs])

    def _ratios(self, tallies: Mapping[str, Tally]) -> list[float]:
        nothing = Tally(0.0, 0.0)
        kept = [tallies.get(cluster, nothing) for cluster in self._clusters]
        parts, wholes = [tally.part for tally in kept], [tally.whole for tally in kept]
        return [
            sum(map(parts.__getitem__, draw)) / (sum(map(wholes.__getitem__, draw)) or math.inf)
            for draw in self._draws
        ]


def _ratio(tallies: Iterable[Tally]) -> float:
    kept = list(tallies)
    whole = sum(tally.whole for tally in kept)
    return sum(tally.part for tally in kept) / whole if whole else 0.0


def _interval(value: float, resampled: Sequence[float]) -> Interval:
    if not resampled:
        return Interval(value, value, value)
    ordered = sorted(resampled)
    last = len(ordered) - 1
    return Interval(value, ordered[int(_TAIL * last)], ordered[math.ceil((1 - _TAIL) * last)])
