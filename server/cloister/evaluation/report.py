"""The outcome of an evaluation as plain JSON values.

Everything but `times` is the same for the same repository, options and seed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import Any

from cloister.evaluation.ours import NAME, without_name
from cloister.evaluation.results import BUDGETS, CaseResult
from cloister.evaluation.statistics import ClusterBootstrap, Interval
from cloister.evaluation.summary import (
    FLOOR,
    ArmSummary,
    Difference,
    GroupSummary,
    compare,
    groups_of,
    summarise,
)

_DIGITS = 4
_PERCENTILE_95 = 94


@dataclass(frozen=True, slots=True)
class Spread:
    """The time of half of the cases, and that of 95 in 100."""

    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a person is shown; `differences` only where two were compared."""

    n_cases: int
    n_commits: int
    n_needed: int
    n_defined: int
    arms: Sequence[ArmSummary]
    groups: Sequence[GroupSummary]
    differences: Sequence[Difference]
    times: Mapping[str, Spread]


def report_on(results: Sequence[CaseResult], seed: int, compared: tuple[str, str] | None) -> Report:
    """Return what the results amount to."""
    bootstrap = ClusterBootstrap([result.commit for result in results], seed)
    names = list(results[0].arms)
    shown = [name for name in names if not name.startswith(without_name(""))]
    return Report(
        n_cases=len(results),
        n_commits=len({result.commit for result in results}),
        n_needed=sum(len(result.needed) for result in results),
        n_defined=sum(len(result.defined) for result in results),
        arms=summarise(results, bootstrap),
        groups=groups_of(results, [name for name in (FLOOR, NAME) if name in shown] or shown),
        differences=compare(results, *compared, bootstrap) if compared else (),
        times={name: _spread([it.arms[name].build_ms for it in results]) for name in shown},
    )


def as_json(report: Report, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the report as JSON values, rounded; times stand apart."""
    return {
        "facts": dict(facts),
        "cases": report.n_cases,
        "commits": report.n_commits,
        "needed_names": report.n_needed,
        "defined_names": report.n_defined,
        "builders": {arm.name: _arm_as_json(arm) for arm in report.arms},
        "groups": [_rounded(asdict(group)) for group in report.groups],
        "differences": [
            {
                "measure": it.measure,
                **_interval(it.interval),
                "p_value": _rounded(it.p_value),
                "verdict": it.verdict,
            }
            for it in report.differences
        ],
        "times": {name: _rounded(asdict(spread)) for name, spread in report.times.items()},
    }


def measured(report: Report, measure: str) -> float | None:
    """Return a figure of cloister by its name: `recall@512`, `recall`, `definitions`, `score`.

    Without a budget the largest counts. None when it was not measured.
    """
    arm = next((arm for arm in report.arms if arm.name == NAME), None)
    name, _, budget = measure.partition("@")
    if arm is None:
        return None
    if name == "score":
        return arm.context_score
    shares = arm.recall if name == "recall" else arm.definitions
    return shares[int(budget) if budget else BUDGETS[-1]].value


def case_as_json(result: CaseResult) -> dict[str, Any]:
    """Return one case as a line of a file: what it needs, and what each builder gave."""
    fields = asdict(result)
    arms = {
        name: {
            "found": {str(budget): arm.coverage[budget].found for budget in BUDGETS},
            "defined": {str(budget): arm.coverage[budget].defined for budget in BUDGETS},
            "tokens": {str(budget): arm.coverage[budget].tokens for budget in BUDGETS},
            "bits": _rounded(arm.bits),
            **({"model": _rounded(asdict(arm.judgement))} if arm.judgement else {}),
        }
        for name, arm in result.arms.items()
    }
    return {**fields, "arms": arms}


def _arm_as_json(arm: ArmSummary) -> dict[str, Any]:
    return {
        "recall": {str(budget): _interval(it) for budget, it in arm.recall.items()},
        "definitions": {str(budget): _interval(it) for budget, it in arm.definitions.items()},
        "precision": _rounded(arm.precision),
        "tokens": _rounded(arm.tokens),
        "over_budget": arm.over_budget,
        "bits_per_char": _rounded(arm.bits_per_char),
        "context_score": _rounded(arm.context_score),
        **({"model": _rounded(asdict(arm.model))} if arm.model else {}),
    }


def _interval(interval: Interval) -> dict[str, float]:
    rounded: dict[str, float] = _rounded(asdict(interval))
    return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    if isinstance(value, Mapping):
        return {name: _rounded(part) for name, part in value.items()}
    return value


def _spread(times_ms: Sequence[float]) -> Spread:
    # Two values are the least that have percentiles.
    return Spread(median(times_ms), quantiles([*times_ms, times_ms[-1]], n=100)[_PERCENTILE_95])
