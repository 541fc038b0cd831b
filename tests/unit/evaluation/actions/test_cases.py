"""The cases are sound: their references solve them, and what stands there now does not."""

import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from cloister.evaluation.actions.cases import ActionCase, all_cases, changed_chars, spread
from cloister.evaluation.actions.judging import judge
from cloister.features.actions import all_actions

CASES = all_cases()
NAMES = [f"{case.action}-{case.name}" for case in CASES]


@pytest.fixture(autouse=True)
def _no_case_stays() -> Iterator[None]:
    yield
    sys.modules.pop("case", None)


def problem(case: ActionCase, after: str) -> object:
    job = {"action": case.action, "before": case.source, "after": after, "tests": case.tests}
    return judge(job)["problem"]


def test_there_are_enough_with_names_of_their_own() -> None:
    assert len(CASES) >= 40
    assert len(set(NAMES)) == len(NAMES)
    assert {case.action for case in CASES} <= {action.name for action in all_actions()}


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


def test_a_part_has_the_first_of_every_action() -> None:
    counts = Counter(case.action for case in spread(CASES, 12))
    assert set(counts.values()) == {2}
    assert spread(CASES, 12) == [
        case for case in CASES if case in [it for it in CASES if it.action == case.action][:2]
    ]
    assert spread(CASES, 1000) == CASES


def test_a_size_counts_changed_lines_before_and_after() -> None:
    assert changed_chars("a\nbb\nc\n", "a\nbb\nc\n") == 0
    assert changed_chars("a\nbb\nc\n", "a\nddd\nc\n") == 7
    assert changed_chars("a\n", "a\nb\n") == 2
