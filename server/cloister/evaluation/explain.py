"""Why one case gets what it needs, or does not: name by name, from the index to the budget."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cloister.context.candidate import Candidate
from cloister.context.find import Findings
from cloister.core.errors import SettingsError
from cloister.evaluation.builders import Situation
from cloister.evaluation.cases import Case
from cloister.evaluation.needs import Passage, bytes_over_four, usual_window
from cloister.evaluation.ours import chooser, find
from cloister.evaluation.replay import situation_of
from cloister.evaluation.results import BUDGETS
from cloister.evaluation.selection import Step, select_steps
from cloister.evaluation.session import Plan, repository_at, stage_of
from cloister.evaluation.words import words_in

_MOST_PLACES = 5
_LINES_BEFORE = 5
_DEFINITIONS_PER_NAME = 100


@dataclass(frozen=True, slots=True)
class Witness:
    """A candidate in which a name stands: its place from 1, and its rank in its source."""

    source: str
    path: str
    line: int
    score: float
    rank: int


@dataclass(frozen=True, slots=True)
class NameExplanation:
    """One needed name: how many files have it, where it is defined, and who found it.

    `least_budget` is the smallest budget at which it is shown, None when it never is.
    """

    name: str
    n_files: int
    definitions: Sequence[str]
    witnesses: Sequence[Witness]
    least_budget: int | None

    @property
    def verdict(self) -> str:
        """What became of the name, in one sentence."""
        if self.least_budget is not None:
            return f"It is shown from {self.least_budget} tokens on."
        if self.witnesses:
            best = self.witnesses[0]
            return (
                f"It was found by {best.source} (number {best.rank} there, score "
                f"{best.score:.3f}) and fell out of the budget."
            )
        if self.definitions:
            return "It is defined in the index, and no source looked there."
        return "No source found it, and the index has no definition of it."


@dataclass(frozen=True, slots=True, repr=False)
class Explanation:
    """One case: what stands before the cursor, what was written, and every needed name."""

    name: str
    stratum: str
    before: str
    truth: str
    names: Sequence[NameExplanation]
    passages: Sequence[Passage]


def explain(plan: Plan, name: str) -> Explanation:
    """Return why the case called `name` gets what it does; SettingsError when there is none."""
    with repository_at(plan.root) as repository:
        steps = select_steps(repository, plan.since, plan.n_cases, plan.seed)
        step, case = _named(steps, name)
        with stage_of(repository) as stage:
            stage.move_before(step.commit)
            situation = situation_of(case, usual_window(case), stage, plan.seed)
            stage.index.overlay(case.path, case.prefix + case.suffix)
            return _explanation(situation, find(situation))


def _named(steps: Sequence[Step], name: str) -> tuple[Step, Case]:
    for step in steps:
        for case in step.cases:
            if case.name == name:
                return step, case
    raise SettingsError(
        f"There is no case {name!r} among these; --cases FILE writes the names of all. --since, "
        "--n and --seed must be those of the evaluation."
    )


def _explanation(situation: Situation, found: Findings) -> Explanation:
    case, needs = situation.case, situation.needs
    choose = chooser(found, bytes_over_four)
    chosen = {budget: choose(budget) for budget in BUDGETS}
    shown = {
        budget: {word for passage in passages for word in words_in(passage.text)}
        for budget, passages in chosen.items()
    }
    return Explanation(
        name=case.name,
        stratum=needs.stratum.value,
        before="\n".join(case.prefix.split("\n")[-_LINES_BEFORE:]),
        truth=case.truth,
        names=[_name_explanation(name, situation, found, shown) for name in needs.names],
        passages=chosen[BUDGETS[-1]],
    )


def _name_explanation(
    name: str, situation: Situation, found: Findings, shown: Mapping[int, Collection[str]]
) -> NameExplanation:
    own = situation.case.path
    symbols = situation.index.symbols_named([name], _DEFINITIONS_PER_NAME)
    places = [f"{it.path}:{it.first_line + 1}" for it in symbols if it.path != own]
    return NameExplanation(
        name=name,
        n_files=len(situation.corpus.files_with(name) - {own}),
        definitions=places[:_MOST_PLACES],
        witnesses=_witnesses(name, found.candidates)[:_MOST_PLACES],
        least_budget=next((budget for budget in BUDGETS if name in shown[budget]), None),
    )


def _witnesses(name: str, candidates: Sequence[Candidate]) -> list[Witness]:
    """Return the candidates in which the name stands, the best first."""
    best = sorted(candidates, key=lambda candidate: -candidate.score)
    ranks: Counter[str] = Counter()
    witnesses = []
    for candidate in best:
        ranks[candidate.source] += 1
        for line, text in enumerate(candidate.text.split("\n"), start=candidate.first_line + 1):
            if name in words_in(text):
                rank = ranks[candidate.source]
                place = candidate.source, candidate.path, line, candidate.score, rank
                witnesses.append(Witness(*place))
                break
    return witnesses
