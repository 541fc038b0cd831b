from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.evaluation.builders import Situation, baselines, filled
from cloister.evaluation.cases import Case, Place
from cloister.evaluation.corpus import WINDOW_LINES, Corpus
from cloister.evaluation.needs import Needs, Passage, Stratum, Window, bytes_over_four
from cloister.syntax.languages import language_named
from cloister.workspace.index.read import Index

BEFORE = "pool = connect_pool()\npool."
TEXTS = {
    "own.py": "connect_pool()\n" * 50,
    "near.py": "".join(f"line_{number} = connect_pool({number})\n" for number in range(60)),
    "far.py": "".join(f"other_{number} = unrelated({number})\n" for number in range(600)),
}


def a_situation(seed: int = 0) -> Situation:
    language = language_named("python")
    assert language is not None
    corpus = Corpus()
    for path, text in TEXTS.items():
        corpus.put(path, text)
    case = Case(
        "c0ffee", "own.py", language, 1, 5, Place.MID_LINE, BEFORE, "", "drain()", ("other_3",)
    )
    needs = Needs(
        Stratum.CROSS_FILE, ("other_3", "line_7"), {"line_7": frozenset({"def line_7():"})}
    )
    nowhere = Path("/nowhere")
    return Situation(
        case,
        Window(BEFORE, ""),
        corpus,
        needs,
        seed,
        Index.open(nowhere / "index", nowhere),
        nowhere,
    )


def chosen(name: str, budget: int, seed: int = 0) -> Sequence[Passage]:
    (arm,) = baselines()[name](a_situation(seed), bytes_over_four)
    return arm.choose(budget)


@pytest.mark.parametrize("name", ["random", "jaccard", "bm25"])
@pytest.mark.parametrize("budget", [64, 200, 390])
def test_budgets_are_filled_and_kept(name: str, budget: int) -> None:
    passages = chosen(name, budget)
    tokens = bytes_over_four("\n".join(passage.text for passage in passages))
    assert 0.8 * budget < tokens <= budget


@pytest.mark.parametrize("name", ["random", "jaccard", "bm25"])
def test_no_line_comes_twice_and_none_of_the_own_file(name: str) -> None:
    passages = chosen(name, 8000)
    starts = sorted((passage.path, passage.first_line) for passage in passages)
    assert all(path != "own.py" for path, _ in starts)
    for (path, line), (next_path, next_line) in pairwise(starts):
        assert path != next_path or next_line - line >= WINDOW_LINES


@pytest.mark.parametrize("name", ["jaccard", "bm25"])
def test_what_resembles_the_place_comes_first(name: str) -> None:
    assert chosen(name, 512)[0].path == "near.py"


def test_chance_has_a_seed() -> None:
    assert chosen("random", 512, 1) == chosen("random", 512, 1)
    assert chosen("random", 512, 1) != chosen("random", 512, 2)


def test_the_oracle_gives_a_line_for_each_name() -> None:
    assert [passage.text for passage in chosen("oracle", 512)] == [
        "other_3 = unrelated(3)",
        "def line_7():",
    ]


def test_nothing_is_nothing() -> None:
    assert list(chosen("none", 512)) == []


passages = st.lists(
    st.text("ab\né", max_size=30).map(lambda text: Passage("a.py", 0, text, "test")), max_size=6
)


@given(passages, st.integers(0, 40))
def test_what_fits_is_the_beginning_of_all(given_: list[Passage], budget: int) -> None:
    kept = filled(given_, budget, bytes_over_four)
    text = "\n".join(passage.text for passage in kept)
    assert not text or bytes_over_four(text) <= budget
    assert "\n".join(passage.text for passage in given_).startswith(text)
