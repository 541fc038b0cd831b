"""What the results of all cases amount to. Pure.

Means are over names or characters and not over cases; intervals come from resampled commits.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from cloister.evaluation.results import BUDGETS, ArmResult, CaseResult
from cloister.evaluation.statistics import ClusterBootstrap, Interval, Tally, mcnemar, wilson

FLOOR, NOTHING, CONTROL, BEST = "bm25", "none", "random", "oracle"

Measure = Callable[[CaseResult, ArmResult], Tally]


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """What a model made of one builder's contexts.

    `exact` is the share of lines that it writes as they were, `begun` the share of those whose
    first word it does; `exact_cross_file` is `exact` among the cases that need other files' names.
    """

    bits_per_char: float
    exact: Interval
    exact_cross_file: Interval
    begun: Interval


@dataclass(frozen=True, slots=True)
class ArmSummary:
    """How one builder did over all cases; what could not be told is None.

    `recall` and `definitions` are by budget: the share of needed names that are shown, and of
    those that another file defines the share whose definition is. `precision` is the share of lines
    with a needed name, among the cases that need one. `context_score` is 0 without any context
    and 1 with that of the floor. `over_budget` counts contexts that take more than they may.
    """

    name: str
    recall: Mapping[int, Interval]
    definitions: Mapping[int, Interval]
    precision: float
    tokens: float
    over_budget: int
    bits_per_char: float | None = None
    context_score: float | None = None
    model: ModelSummary | None = None


@dataclass(frozen=True, slots=True)
class GroupSummary:
    """The cases that have something in common, and the recall of each builder among them."""

    kind: str
    name: str
    n_cases: int
    n_needed: int
    recall: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Difference:
    """How much more of a measure the second of two builders has, and what to say of it.

    The p-value is that of McNemar's exact test, for shares of cases only.
    """

    measure: str
    interval: Interval
    p_value: float | None = None

    @property
    def verdict(self) -> str:
        """`better`, `worse` or `not distinguishable`, speaking of the second."""
        if self.interval.low > 0:
            return "better"
        return "worse" if self.interval.high < 0 else "not distinguishable"


def summarise(results: Sequence[CaseResult], bootstrap: ClusterBootstrap) -> list[ArmSummary]:
    """Return a summary of each builder, in the order in which they were asked."""
    names = list(results[0].arms)
    per_char = {name: _bits_per_char(results, name) for name in names}
    return [_arm_summary(results, name, bootstrap, per_char) for name in names]


def groups_of(results: Sequence[CaseResult], names: Sequence[str]) -> list[GroupSummary]:
    """Return the cases by language, by kind of file, by place and by stratum."""
    kinds: Mapping[str, Callable[[CaseResult], str]] = {
        "language": attrgetter("language"),
        "file": lambda result: "test" if result.is_test else "code",
        "place": attrgetter("place"),
        "stratum": attrgetter("stratum"),
    }
    return [
        GroupSummary(
            kind=kind,
            name=name,
            n_cases=len(members),
            n_needed=sum(len(member.needed) for member in members),
            recall={arm: _ratio(members, arm, recall_at(BUDGETS[-1])) for arm in names},
        )
        for kind, key in kinds.items()
        for name, members in _grouped(results, key)
    ]


def compare(
    results: Sequence[CaseResult], first: str, second: str, bootstrap: ClusterBootstrap
) -> list[Difference]:
    """Return how the second builder differs from the first, case by case."""
    measures = {f"recall at {budget}": recall_at(budget) for budget in BUDGETS}
    measures |= {f"definitions at {budget}": definitions_at(budget) for budget in BUDGETS}
    arms = [result.arms[name] for result in results for name in (first, second)]
    if all(arm.bits is not None for arm in arms):
        measures["bits saved per character"] = _saved_bits
    differences = [
        Difference(name, _difference(results, (first, second), measure, bootstrap))
        for name, measure in measures.items()
    ]
    if all(arm.judgement is not None for arm in arms):
        differences.append(_exact_difference(results, (first, second), bootstrap))
    return differences


def recall_at(budget: int) -> Measure:
    """Return the measure of needed names that are shown."""
    return lambda result, arm: Tally(len(arm.coverage[budget].found), len(result.needed))


def definitions_at(budget: int) -> Measure:
    """Return the measure of needed names whose definition is shown, among those that have one."""
    return lambda result, arm: Tally(len(arm.coverage[budget].defined), len(result.defined))


def by_commit(results: Iterable[CaseResult], arm: str, measure: Measure) -> dict[str, Tally]:
    """Return what each commit adds to a measure of one builder."""
    tallies: dict[str, Tally] = {}
    for result in results:
        tally, known = measure(result, result.arms[arm]), tallies.get(result.commit)
        before = known or Tally(0.0, 0.0)
        tallies[result.commit] = Tally(before.part + tally.part, before.whole + tally.whole)
    return tallies


def _difference(
    results: Sequence[CaseResult],
    names: tuple[str, str],
    measure: Measure,
    bootstrap: ClusterBootstrap,
) -> Interval:
    first, second = (by_commit(results, name, measure) for name in names)
    return bootstrap.difference(first, second)


def _exact_difference(
    results: Sequence[CaseResult], names: tuple[str, str], bootstrap: ClusterBootstrap
) -> Difference:
    pairs = [tuple(_exact(it, it.arms[name]).part for name in names) for it in results]
    interval = _difference(results, names, _exact, bootstrap)
    p_value = mcnemar(pairs.count((1, 0)), pairs.count((0, 1)))
    return Difference("exact lines of the model", interval, p_value)


def _exact(_result: CaseResult, arm: ArmResult) -> Tally:
    return Tally(arm.judgement is not None and arm.judgement.is_exact, 1)


def _arm_summary(
    results: Sequence[CaseResult],
    name: str,
    bootstrap: ClusterBootstrap,
    per_char: Mapping[str, float | None],
) -> ArmSummary:
    def interval(measure: Measure) -> Interval:
        return bootstrap.ratio(by_commit(results, name, measure))

    coverages = [result.arms[name].coverage for result in results]
    largest = [coverage[BUDGETS[-1]] for coverage in coverages]
    return ArmSummary(
        name=name,
        recall={budget: interval(recall_at(budget)) for budget in BUDGETS},
        definitions={budget: interval(definitions_at(budget)) for budget in BUDGETS},
        precision=_ratio([it for it in results if it.needed], name, _precision),
        tokens=sum(coverage.tokens for coverage in largest) / len(largest),
        over_budget=sum(it[budget].tokens > budget for it in coverages for budget in BUDGETS),
        bits_per_char=per_char[name],
        context_score=_context_score(name, per_char),
        model=_model_summary(results, name),
    )


def _model_summary(results: Sequence[CaseResult], name: str) -> ModelSummary | None:
    judged = [(it, found) for it in results if (found := it.arms[name].judgement)]
    if len(judged) < len(results):
        return None
    needy = [judgement for result, judgement in judged if result.needed]
    bits = sum(judgement.bits for _, judgement in judged)
    return ModelSummary(
        bits_per_char=bits / sum(result.n_chars for result in results),
        exact=wilson(sum(judgement.is_exact for _, judgement in judged), len(judged)),
        exact_cross_file=wilson(sum(judgement.is_exact for judgement in needy), len(needy)),
        begun=wilson(sum(judgement.begins_right for _, judgement in judged), len(judged)),
    )


def _context_score(name: str, per_char: Mapping[str, float | None]) -> float | None:
    ours, nothing, floor = (per_char.get(arm) for arm in (name, NOTHING, FLOOR))
    if ours is None or nothing is None or floor is None or nothing == floor:
        return None
    return (nothing - ours) / (nothing - floor)


def _bits_per_char(results: Sequence[CaseResult], name: str) -> float | None:
    bits = [result.arms[name].bits for result in results]
    told = [number for number in bits if number is not None]
    if len(told) < len(bits):
        return None
    return sum(told) / sum(result.n_chars for result in results)


def _saved_bits(result: CaseResult, arm: ArmResult) -> Tally:
    return Tally(-(arm.bits or 0.0), result.n_chars)


def _precision(_result: CaseResult, arm: ArmResult) -> Tally:
    coverage = arm.coverage[BUDGETS[-1]]
    return Tally(coverage.useful_lines, coverage.lines)


def _ratio(results: Iterable[CaseResult], arm: str, measure: Measure) -> float:
    tallies = [measure(result, result.arms[arm]) for result in results]
    whole = sum(tally.whole for tally in tallies)
    return sum(tally.part for tally in tallies) / whole if whole else 0.0


def _grouped(
    results: Iterable[CaseResult], key: Callable[[CaseResult], str]
) -> list[tuple[str, list[CaseResult]]]:
    ordered = sorted(results, key=key)
    return [(name, list(members)) for name, members in groupby(ordered, key)]
