"""What an evaluation of code actions comes to: counts by action, sizes and times. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median

from cloister.evaluation.actions.session import ActionResult, Ending

ALL = "all"


@dataclass(frozen=True, slots=True)
class ActionSummary:
    """How the cases of one action ended; the counts add up to `n_cases`.

    `size` is how many times the reference's characters the answered edits have, all together;
    `p50_ms` is the median time of these. Both are None where nothing was answered.
    """

    action: str
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
        """The edits that parse."""
        return self.n_answered - self.n_broken


@dataclass(frozen=True, slots=True)
class ActionReport:
    """Every action's summary, the last one that of all, and what stands against the edits."""

    summaries: tuple[ActionSummary, ...]
    refusals: dict[str, int]
    problems: dict[str, int]


def report_on_actions(results: Sequence[ActionResult]) -> ActionReport:
    """Return what the results come to; actions and reasons in a fixed order."""
    names = dict.fromkeys(it.action for it in results)
    groups = {name: [it for it in results if it.action == name] for name in names}
    groups[ALL] = list(results)
    return ActionReport(
        tuple(_summary(name, group) for name, group in groups.items()),
        _reasons([it for it in results if it.ending is Ending.REFUSED]),
        _reasons([it for it in results if it.ending not in {Ending.REFUSED, Ending.SOLVED}]),
    )


def as_json(report: ActionReport, results: Sequence[ActionResult], model: str) -> dict[str, object]:
    """Return everything for scripts, every case included."""
    return {"model": model, **asdict(report), "cases": [asdict(it) for it in results]}


def _summary(name: str, results: Sequence[ActionResult]) -> ActionSummary:
    endings = Counter(it.ending for it in results)
    answered = [it for it in results if it.ending is not Ending.REFUSED]
    wanted = sum(it.wanted_chars for it in answered)
    return ActionSummary(
        action=name,
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
