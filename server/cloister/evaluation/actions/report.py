"""What an evaluation of code actions comes to: counts by action and language. Pure."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from cloister.evaluation.actions.session import ActionResult, Ending

ALL = "all"


@dataclass(frozen=True, slots=True)
class ActionSummary:
    """How the cases of one action or language ended; the counts add up to `n_cases`.

    `size` is how many times the reference's characters the answered edits have, all together;
    `p50_ms` is the median time of these. Both are None where nothing was answered.
    """

    name: str
    n_cases: int
    n_solved: int
    n_wrong: int
    n_broken: int
    n_stopped: int
    n_refused: int
    size: float | None
    p50_ms: float | None

    @property
    def n_answered(self) -> int:
        """The cases that ended in an edit."""
        return self.n_cases - self.n_refused

    @property
    def n_parsed(self) -> int:
        """The edits that parse, and compile where they have to."""
        return self.n_answered - self.n_broken


@dataclass(frozen=True, slots=True)
class ActionReport:
    """Every action's summary, every language's, that of all, and what stands against the edits.

    `skipped` are the languages that could not be tried, and why.
    """

    actions: tuple[ActionSummary, ...]
    languages: tuple[ActionSummary, ...]
    everything: ActionSummary
    refusals: dict[str, int]
    problems: dict[str, int]
    skipped: dict[str, str]


def report_on_actions(results: Sequence[ActionResult], skipped: Mapping[str, str]) -> ActionReport:
    """Return what the results come to, by name; reasons by how often they occur."""
    return ActionReport(
        _summaries(results, lambda it: it.action),
        _summaries(results, lambda it: it.language),
        _summary(ALL, results),
        _reasons([it for it in results if it.ending is Ending.REFUSED]),
        _reasons([it for it in results if it.ending not in {Ending.REFUSED, Ending.SOLVED}]),
        dict(skipped),
    )


def as_json(report: ActionReport, results: Sequence[ActionResult], model: str) -> dict[str, object]:
    """Return everything for scripts, every case included."""
    return {"model": model, **asdict(report), "cases": [asdict(it) for it in results]}


def _summaries(
    results: Sequence[ActionResult], name_of: Callable[[ActionResult], str]
) -> tuple[ActionSummary, ...]:
    names = sorted({name_of(it) for it in results})
    return tuple(_summary(it, [each for each in results if name_of(each) == it]) for it in names)


def _summary(name: str, results: Sequence[ActionResult]) -> ActionSummary:
    endings = Counter(it.ending for it in results)
    answered = [it for it in results if it.ending is not Ending.REFUSED]
    wanted = sum(it.wanted_chars for it in answered)
    return ActionSummary(
        name=name,
        n_cases=len(results),
        n_solved=endings[Ending.SOLVED],
        n_wrong=endings[Ending.WRONG],
        n_broken=endings[Ending.BROKEN],
        n_stopped=endings[Ending.STOPPED],
        n_refused=endings[Ending.REFUSED],
        size=sum(it.changed_chars for it in answered) / wanted if wanted else None,
        p50_ms=median(it.milliseconds for it in answered) if answered else None,
    )


def _reasons(results: Sequence[ActionResult]) -> dict[str, int]:
    counts = Counter(it.reason for it in results)
    return dict(sorted(counts.items(), key=lambda it: (-it[1], it[0])))
