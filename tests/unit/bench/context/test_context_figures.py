from pathlib import Path

import pytest

from bench.context.figures import (
    Building,
    Typing,
    building_rows,
    model_rows,
    recall_rows,
    typing_rows,
)
from bench.context.repositories import KnownRepository, folder_of, read_list
from bench.context.typing import changed_tokens
from cloister.core.context import Snippet
from cloister.evaluation.needs import Coverage
from cloister.evaluation.results import BUDGETS, ArmResult, CaseResult, Judgement
from development.terminal import SetupError

LIST = Path(__file__).parents[4] / "scripts/bench/context/repositories.toml"


def an_arm(n_found: int, bits: float, *, exact: bool) -> ArmResult:
    found = ("alpha", "beta")[:n_found]
    coverage = Coverage(found, found[:1], tokens=100, lines=10, useful_lines=1)
    return ArmResult(
        dict.fromkeys(BUDGETS, coverage), 1.0, bits, Judgement(bits, exact, begins_right=exact)
    )


def a_result(commit: int) -> CaseResult:
    arms = {
        "none": an_arm(0, 40, exact=commit < 2),
        "bm25": an_arm(1, 30, exact=False),
        "cloister": an_arm(2, 25, exact=commit < 3),
    }
    return CaseResult(
        name="", commit=str(commit), path="a.py", language="python", line=1, column=1,
        place="line start", stratum="cross-file", is_test=False, n_chars=10,
        needed=("alpha", "beta"), defined=("alpha",), arms=arms,
    )  # fmt: skip


RESULTS = [a_result(commit) for commit in range(4)]


def test_recall_stands_beside_the_floor_and_python_has_its_own_targets() -> None:
    rows = {row.measure: row for row in recall_rows({"python": RESULTS, "go": RESULTS, "c": []})}
    assert not any(measure.startswith("c:") for measure in rows)
    python = rows["python: needed names shown in 2048 tokens"]
    assert (python.ours, python.floor, python.at_least, python.unit) == (1.0, 0.5, 0.6, "of 8")
    assert rows["python: needed names shown in 512 tokens"].at_least == 0.4
    assert rows["go: needed names shown in 2048 tokens"].at_least == 0.5
    assert rows["go: needed names shown in 512 tokens"].met is None
    assert rows["go: context score"].ours == pytest.approx(1.5)


def test_a_model_is_compared_with_itself_without_context() -> None:
    exact, begun, bits = model_rows(RESULTS)
    assert (exact.ours, exact.floor, exact.ratio) == (0.75, 0.5, 1.5)
    assert exact.met
    assert begun.ratio == 1.5
    assert (bits.ours, bits.floor) == (2.5, 4.0)


def test_typing_is_told_as_a_share() -> None:
    (again,) = typing_rows(Typing(1000, 60))
    assert (again.ours, again.met) == (0.06, False)


def test_building_stands_beside_parsing_alone() -> None:
    numbers = [float(ms) for ms in range(101)]
    p50, p95 = building_rows(Building(2000, numbers, [ms / 10 for ms in numbers]))
    assert (p50.ours, p50.floor, p50.met) == (50.0, 5.0, None)
    assert (p95.ours, p95.floor, p95.met) == (95.0, 9.5, False)
    assert p95.unit == "ms, 2000 files"


def a_snippet(text: str) -> Snippet:
    return Snippet("a.py", 0, 0, text, "test")


A, B, C = (a_snippet(letter * 40) for letter in "abc")


@pytest.mark.parametrize(
    ("before", "now", "tokens"),
    [
        ([], [], 0),
        ([A, B], [A, B], 0),
        ([A, B], [A, C], 10 + 500),
        ([A, B], [A], 500),
        ([A], [A, B], 10 + 500),
        ([A, B], [B, A], 20 + 500),
        ([], [A], 10 + 500),
    ],
)
def test_everything_after_a_change_is_read_again(
    before: list[Snippet], now: list[Snippet], tokens: int
) -> None:
    assert changed_tokens(before, now, 500) == tokens


def test_the_list_names_each_repository_once_and_keeps_the_parts_apart() -> None:
    known = read_list(LIST)
    assert len({it.name for it in known}) == len(known)
    for part in ("tuning", "reporting"):
        languages = {it.language for it in known if it.part == part}
        assert languages == {"python", "typescript", "go", "rust", "java"}


@pytest.mark.parametrize("place", ["o+n", "o+n/repo", "o/n"])
def test_a_repository_is_found_where_it_may_lie(place: str, tmp_path: Path) -> None:
    repository = KnownRepository("o/n", "python", "tuning")
    assert folder_of(repository, tmp_path) is None
    (tmp_path / place).mkdir(parents=True)
    assert folder_of(repository, tmp_path) == tmp_path / place


def test_a_list_that_is_none_is_said(tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_text("[tuning")
    with pytest.raises(SetupError, match=r"list\.toml"):
        read_list(path)
