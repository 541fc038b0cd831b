"""Puts every builder before every case, and tells how it did.

The stage shows the parent tree of the case's commit: nothing of the commit itself, and nothing that
came later, can be found.
"""

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from cloister.evaluation.builders import Arm, Builder, Situation
from cloister.evaluation.cases import Case, moved_to
from cloister.evaluation.needs import (
    CountTokens,
    Coverage,
    Needs,
    Passage,
    Window,
    bytes_over_four,
    coverage,
    needed_names,
    plainly,
    usual_window,
)
from cloister.evaluation.ngram import ByteCounts, bits, standard_background
from cloister.evaluation.results import BUDGETS, ArmResult, CaseResult, Judgement
from cloister.evaluation.selection import Step
from cloister.evaluation.stage import Stage, is_code
from cloister.workspace.index.read import Index

_DEFINITIONS_PER_NAME = 100


class Judge(Protocol):
    """A model that is asked what it makes of a context."""

    @property
    def context_tokens(self) -> int:
        """The most tokens of context that its prompt has room for."""

    def judge(self, case: Case, passages: Sequence[Passage], others: str = "") -> Judgement:
        """Return what the model makes of a case with these passages before it.

        `others` is what it may copy from beside its prompt and the rest of the case's own file.
        """


@dataclass(frozen=True, slots=True)
class Contest:
    """Who is compared, by what rules, and by which model if there is one.

    With `holes_only` the cursor stands right before the first needed name, and cases that need none
    are left out.
    """

    builders: Sequence[Builder]
    seed: int
    count_tokens: CountTokens = bytes_over_four
    window_of: Callable[[Case], Window] = usual_window
    judge: Judge | None = None
    holes_only: bool = False


def replay(steps: Sequence[Step], stage: Stage, contest: Contest) -> Iterator[CaseResult]:
    """Yield the result of every case, step by step."""
    for step in steps:
        stage.move_before(step.commit)
        for case in step.cases:
            situation = situation_of(case, contest.window_of(case), stage, contest.seed)
            if contest.holes_only:
                if not situation.needs.names:
                    continue
                hole = moved_to(case, situation.needs.names[0])
                situation = situation_of(hole, contest.window_of(hole), stage, contest.seed)
            yield result_of(situation, contest)


def situation_of(case: Case, window: Window, stage: Stage, seed: int) -> Situation:
    """Return what builders are told about a case; the stage must show its parent tree."""
    stratum, names = needed_names(case, window, stage.corpus)
    defining = {
        name: lines for name in names if (lines := _defining_lines(stage.index, name, case.path))
    }
    needs = Needs(stratum, names, defining)
    return Situation(case, window, stage.corpus, needs, seed, stage.index, stage.root)


def result_of(situation: Situation, contest: Contest) -> CaseResult:
    """Return how every builder does at one case."""
    case, needs = situation.case, situation.needs
    shown = ByteCounts((situation.window.before + situation.window.after).encode())
    situation.index.overlay(case.path, case.prefix + case.suffix)
    try:
        results = dict(_results(situation, contest, shown))
    finally:
        situation.index.drop_overlay(case.path)
    return CaseResult(
        name=case.name,
        commit=case.commit,
        path=case.path,
        language=case.language.name,
        line=case.line + 1,
        column=case.column + 1,
        place=case.place.value,
        stratum=needs.stratum.value,
        is_test=case.is_test,
        n_chars=len(case.truth),
        needed=needs.names,
        defined=tuple(needs.defining_lines),
        arms=results,
    )


def _results(
    situation: Situation, contest: Contest, shown: ByteCounts
) -> Iterator[tuple[str, ArmResult]]:
    for build in contest.builders:
        started = time.perf_counter()
        arms = build(situation, contest.count_tokens)
        prepared_ms = 1000 * (time.perf_counter() - started)
        for arm in arms:
            yield arm.name, _result(arm, prepared_ms, situation, contest, shown)


def _result(
    arm: Arm, prepared_ms: float, situation: Situation, contest: Contest, shown: ByteCounts
) -> ArmResult:
    found: dict[int, Coverage] = {}
    passages: Sequence[Passage] = ()
    chosen_ms = 0.0
    for budget in BUDGETS:
        started = time.perf_counter()
        passages = arm.choose(budget)
        chosen_ms = 1000 * (time.perf_counter() - started)
        found[budget] = coverage(passages, situation.needs, contest.count_tokens)
    if not arm.tells_bits:
        return ArmResult(found, prepared_ms + chosen_ms)
    case, judge = situation.case, contest.judge
    return ArmResult(
        coverage=found,
        build_ms=prepared_ms + chosen_ms,
        bits=_bits(case, passages, shown),
        judgement=_judgement(judge, case, arm) if judge else None,
    )


def _judgement(judge: Judge, case: Case, arm: Arm) -> Judgement:
    return judge.judge(case, arm.choose(judge.context_tokens), arm.others())


def _bits(case: Case, passages: Sequence[Passage], shown: ByteCounts) -> float:
    text = "\n".join(passage.text for passage in passages)
    near = [shown, ByteCounts(text.encode("utf-8", "replace"))] if text else [shown]
    return bits(case.truth, case.prefix, near, standard_background())


def _defining_lines(index: Index, name: str, excluded: str) -> frozenset[str]:
    """Return the lines that define a name in other files of code, with plain blanks."""
    word = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
    symbols = index.symbols_named([name], _DEFINITIONS_PER_NAME)
    lines = (
        line
        for symbol in symbols
        if symbol.path != excluded and is_code(symbol.path)
        for line in [next((it for it in symbol.signature.split("\n") if word.search(it)), "")]
    )
    return frozenset(plainly(line) for line in lines if line)
