"""What the comparisons amount to: one row for each measure and amount. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sqrt
from statistics import fmean, stdev

from bench.approximation.outcomes import Comparison
from bench.approximation.trials import Measure

DRIFT_TOKENS = (0, 100, 200, 400, 800)
"""Comparisons after several jumps are put together by how much had changed, from each of these."""


@dataclass(frozen=True, slots=True)
class Row:
    """The comparisons of one kind; `amount` is as in trials, and for a tour it is the least drift.

    `first_token` and `line` are the shares in which the model writes the same, `exact` and
    `exact_reference` those in which the line is the truth. The others are in nats a token:
    `reference_nats` is the truth's log-probability, `gain_nats` by how much it is more likely than
    in what it is compared with (`error_nats` is the standard error), and `mean_change_nats` and
    `largest_change_nats` are how far apart the two are, whichever is more likely. `drift_tokens`,
    `evaluated_tokens` and `prompt_tokens` are means.
    """

    measure: Measure
    amount: int
    fresh_tokens: int
    n_cases: int
    first_token: float
    line: float
    exact_reference: float
    exact: float
    reference_nats: float
    gain_nats: float
    error_nats: float
    mean_change_nats: float
    largest_change_nats: float
    drift_tokens: float
    evaluated_tokens: float
    prompt_tokens: float


def rows_of(comparisons: Iterable[Comparison]) -> list[Row]:
    """Return the rows in the order of the measures; where nothing was moved nothing is counted."""
    counted = [it for it in comparisons if it.moved or it.measure in _WITHOUT_MOVING]
    groups = groupby(sorted(counted, key=_kind), _kind)
    return [_row(kind, list(members)) for kind, members in groups]


_WITHOUT_MOVING = {Measure.NOISE, Measure.LINE, Measure.BEHIND}
_Kind = tuple[int, int, int]


def _kind(it: Comparison) -> _Kind:
    amount = it.amount
    if it.measure is Measure.TOUR:
        amount = max(least for least in DRIFT_TOKENS if least <= it.drift_tokens)
    return list(Measure).index(it.measure), amount, it.fresh_tokens


def _row(kind: _Kind, members: Sequence[Comparison]) -> Row:
    order, amount, fresh_tokens = kind
    gains = [it.outcome.truth_nats - it.reference.truth_nats for it in members]

    def mean(figure: Callable[[Comparison], float]) -> float:
        return fmean(map(figure, members))

    return Row(
        measure=list(Measure)[order],
        amount=amount,
        fresh_tokens=fresh_tokens,
        n_cases=len(members),
        first_token=mean(lambda it: it.outcome.tokens[0] == it.reference.tokens[0]),
        line=mean(lambda it: it.outcome.line == it.reference.line),
        exact_reference=mean(lambda it: it.reference.line.rstrip() == it.truth),
        exact=mean(lambda it: it.outcome.line.rstrip() == it.truth),
        reference_nats=mean(lambda it: it.reference.truth_nats),
        gain_nats=fmean(gains),
        error_nats=stdev(gains) / sqrt(len(gains)) if len(gains) > 1 else 0.0,
        mean_change_nats=fmean(map(abs, gains)),
        largest_change_nats=max(map(abs, gains)),
        drift_tokens=mean(lambda it: it.drift_tokens),
        evaluated_tokens=mean(lambda it: it.evaluated_tokens),
        prompt_tokens=mean(lambda it: it.prompt_tokens),
    )
