"""What the attempts amount to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from bench.generation.lines import Attempt


@dataclass(frozen=True, slots=True)
class Row:
    """One way to write at one kind of place: shares of its cases, and the cost of one.

    `shown` lines are at least as likely as the least that is shown, `precise` is the share of
    those that are exact, and `right` the share of all cases in which an exact line is shown.
    """

    place: str
    heals: bool
    hypotheses: int
    n_cases: int
    exact: float
    shown: float
    precise: float
    right: float
    tokens: float
    ms: float


def rows_of(attempts: Iterable[Attempt], least_shown: float) -> list[Row]:
    """Return a row for each way at each kind of place, and everywhere."""
    everything = list(attempts)
    ways = list(dict.fromkeys(attempt.way for attempt in everything))
    return [
        _row(place, members, least_shown)
        for place, kinds in _PLACES.items()
        for way in ways
        if (members := [it for it in everything if it.way == way and it.in_word in kinds])
    ]


_PLACES = {"in a word": {True}, "elsewhere": {False}, "everywhere": {True, False}}


def _row(place: str, members: Sequence[Attempt], least_shown: float) -> Row:
    n_cases, way = len(members), members[0].way
    shown = [it for it in members if it.probability >= least_shown and not it.is_empty]
    n_right = sum(it.is_exact for it in shown)
    return Row(
        place=place,
        heals=way.heals,
        hypotheses=way.hypotheses,
        n_cases=n_cases,
        exact=sum(it.is_exact for it in members) / n_cases,
        shown=len(shown) / n_cases,
        precise=n_right / max(1, len(shown)),
        right=n_right / n_cases,
        tokens=fmean(it.tokens for it in members),
        ms=median(it.ms for it in members),
    )
