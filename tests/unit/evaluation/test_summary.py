from collections.abc import Sequence

import pytest

from cloister.evaluation.needs import Coverage
from cloister.evaluation.report import as_json, case_as_json, measured, report_on
from cloister.evaluation.results import BUDGETS, ArmResult, CaseResult, Judgement
from cloister.evaluation.statistics import ClusterBootstrap
from cloister.evaluation.summary import compare, groups_of, summarise

SEED = 0


def an_arm(
    found: Sequence[str], bits: float, *, tokens: int = 100, exact: bool = False
) -> ArmResult:
    known = tuple(found)
    coverage = Coverage(
        found=known, defined=known[:1], tokens=tokens, lines=10, useful_lines=len(known)
    )
    return ArmResult(
        dict.fromkeys(BUDGETS, coverage), 1.0, bits, Judgement(bits / 2, exact, begins_right=True)
    )


def a_result(commit: int, needed: tuple[str, ...], arms: dict[str, ArmResult]) -> CaseResult:
    return CaseResult(
        name=f"{commit}:a.py:1:1",
        commit=str(commit),
        path="a.py",
        language="python" if commit % 2 else "go",
        line=1,
        column=1,
        place="line start",
        stratum="cross-file" if needed else "in-file",
        is_test=False,
        n_chars=10,
        needed=needed,
        defined=needed[:1],
        arms=arms,
    )


RESULTS = [
    a_result(
        commit,
        ("alpha", "beta"),
        {
            "none": an_arm((), 40),
            "bm25": an_arm(("alpha",), 30),
            "cloister": an_arm(("alpha", "beta"), 25, tokens=3000, exact=commit < 6),
        },
    )
    for commit in range(8)
] + [a_result(8, (), {name: an_arm((), 10) for name in ("none", "bm25", "cloister")})]
BOOTSTRAP = ClusterBootstrap([result.commit for result in RESULTS], SEED)


def test_builders_are_summarised() -> None:
    none, bm25, ours = summarise(RESULTS, BOOTSTRAP)
    assert [arm.recall[2048].value for arm in (none, bm25, ours)] == [0.0, 0.5, 1.0]
    assert [arm.definitions[512].value for arm in (none, bm25, ours)] == [0.0, 1.0, 1.0]
    # Cases that need nothing do not count.
    assert [arm.precision for arm in (none, bm25, ours)] == [0.0, 0.1, 0.2]
    assert none.bits_per_char == pytest.approx((8 * 40 + 10) / 90)
    assert none.context_score == 0.0
    assert bm25.context_score == 1.0
    assert ours.context_score == pytest.approx(1.5)


def test_contexts_that_take_too_much_are_counted() -> None:
    none, _, ours = summarise(RESULTS, BOOTSTRAP)
    assert none.over_budget == 0
    # Three budgets of eight cases.
    assert ours.over_budget == 24


def test_what_a_model_makes_of_it_is_told_for_the_needy_cases_too() -> None:
    ours = summarise(RESULTS, BOOTSTRAP)[-1].model
    assert ours is not None
    assert ours.exact.value == pytest.approx(6 / 9)
    assert ours.exact_cross_file.value == pytest.approx(6 / 8)
    assert ours.begun.value == 1.0
    assert ours.bits_per_char == pytest.approx((8 * 12.5 + 5) / 90)


def test_the_better_of_two_is_told() -> None:
    differences = {it.measure: it for it in compare(RESULTS, "bm25", "cloister", BOOTSTRAP)}
    recall = differences["recall at 2048"]
    assert recall.interval.value == pytest.approx(0.5)
    assert recall.verdict == "better"
    assert differences["definitions at 512"].verdict == "not distinguishable"
    assert differences["bits saved per character"].interval.value == pytest.approx(40 / 90)
    exact = differences["exact lines of the model"]
    assert exact.p_value == pytest.approx(2 * 0.5**6)
    backwards = {it.measure: it for it in compare(RESULTS, "cloister", "bm25", BOOTSTRAP)}
    assert backwards["recall at 2048"].verdict == "worse"


def test_groups_hold_the_cases_that_belong_together() -> None:
    groups = {(it.kind, it.name): it for it in groups_of(RESULTS, ["bm25"])}
    assert groups["language", "python"].n_cases == 4
    assert groups["language", "go"].n_needed == 8
    assert groups["stratum", "in-file"].recall == {"bm25": 0.0}
    assert groups["stratum", "cross-file"].recall == {"bm25": 0.5}


@pytest.mark.parametrize(
    ("measure", "value"),
    [("recall", 1.0), ("recall@512", 1.0), ("definitions", 1.0), ("score", pytest.approx(1.5))],
)
def test_figures_have_names(measure: str, value: float) -> None:
    assert measured(report_on(RESULTS, SEED, None), measure) == value


def test_a_figure_of_a_builder_that_took_no_part_is_unknown() -> None:
    others = [a_result(0, ("alpha",), {name: an_arm((), 10) for name in ("none", "bm25")})]
    assert measured(report_on(others, SEED, None), "recall") is None


def test_only_times_differ_between_two_reports() -> None:
    slower = [
        a_result(
            int(result.commit),
            result.needed,
            {
                name: ArmResult(arm.coverage, 99.0, arm.bits, arm.judgement)
                for name, arm in result.arms.items()
            },
        )
        for result in RESULTS
    ]
    first, second = (
        as_json(report_on(results, SEED, ("bm25", "cloister")), {}) for results in (RESULTS, slower)
    )
    assert first.pop("times") != second.pop("times")
    assert first == second
    assert [case_as_json(result) for result in RESULTS] == [case_as_json(it) for it in slower]
