"""The cases are sound: their references solve them, and what stands there now does not."""

import shutil
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from cloister.cli.eval_actions import LANGUAGES
from cloister.evaluation.actions.cases import ActionCase, all_cases, changed_chars, spread
from cloister.evaluation.actions.confined import judged
from cloister.evaluation.actions.judging import judge
from cloister.evaluation.actions.toolchains import TOOLCHAINS
from cloister.features.actions import all_actions

CASES = all_cases()
NAMES = [f"{case.language}-{case.action}-{case.name}" for case in CASES]


@pytest.fixture(autouse=True)
def _no_case_stays() -> Iterator[None]:
    yield
    sys.modules.pop("case", None)


def problem(case: ActionCase, after: str) -> object:
    if toolchain := TOOLCHAINS.get(case.language):
        if missing := [it for it in toolchain.needs if not shutil.which(it)]:
            pytest.skip(f"{missing[0]} is not installed")
        return judged(case, after).problem
    job = {"action": case.action, "before": case.source, "after": after, "tests": case.tests}
    return judge(job)["problem"]


def test_there_are_enough_with_names_of_their_own() -> None:
    assert len(CASES) >= 75
    assert len(set(NAMES)) == len(NAMES)
    assert {case.action for case in CASES} <= {action.name for action in all_actions()}


def test_every_language_has_its_kinds() -> None:
    assert {case.language for case in CASES} == {"python", *TOOLCHAINS} == set(LANGUAGES)
    for language in LANGUAGES:
        kinds = {case.action for case in CASES if case.language == language}
        assert kinds >= {"implement", "fix", "simplify"}


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_reference_solves_it(case: ActionCase) -> None:
    assert case.source.count(case.old) == 1
    assert problem(case, case.reference) == ""
    assert changed_chars(case.source, case.reference) > 0


# What is not repaired yet may well warn.
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_it_is_not_solved_as_it_stands(case: ActionCase) -> None:
    assert problem(case, case.source) != ""


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_problem_says_what_it_is_about(case: ActionCase) -> None:
    assert bool(case.problem) == (case.action == "fix")
    assert case.source[case.span.start : case.span.end].strip()


def test_a_part_has_the_first_of_every_kind() -> None:
    counts = Counter((case.language, case.action) for case in spread(CASES, 15))
    assert len(counts) == 15
    assert spread(CASES, 15) == [
        next(it for it in CASES if (it.language, it.action) == kind) for kind in counts
    ]
    assert spread(CASES, 1000) == CASES


def test_a_size_counts_changed_lines_before_and_after() -> None:
    assert changed_chars("a\nbb\nc\n", "a\nbb\nc\n") == 0
    assert changed_chars("a\nbb\nc\n", "a\nddd\nc\n") == 7
    assert changed_chars("a\n", "a\nb\n") == 2
