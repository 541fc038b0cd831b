"""What the bundled model makes of contexts."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from cloister.evaluation.cases import Case, Place
from cloister.evaluation.judge import ModelJudge, judge_with
from cloister.evaluation.needs import Passage
from cloister.models.catalogue import BUNDLED
from cloister.syntax.languages import language_named

pytestmark = pytest.mark.model

HELPER = Passage(
    "helper.py", 0, "def zubrowka_total(items):\n    return zubrowka_count(items)", "test"
)


@pytest.fixture(scope="module")
def judge() -> Iterator[ModelJudge]:
    with judge_with(BUNDLED.path) as judge:
        yield judge


def a_case(truth: str) -> Case:
    language = language_named("python")
    assert language is not None
    before = "from helper import zubrowka_total\n\n\ndef test_total():\n    assert "
    return Case("c0ffee", "a.py", language, 4, 11, Place.MID_LINE, before, "\n", truth, ())


def test_the_obvious_takes_fewer_bits_than_noise(judge: ModelJudge) -> None:
    obvious = judge.judge(a_case("zubrowka_total("), []).bits
    assert 0 < obvious < judge.judge(a_case("qxj#vw@zkpt%hfg"), []).bits


def test_a_name_that_the_context_shows_takes_fewer_bits(judge: ModelJudge) -> None:
    case = a_case("zubrowka_count(items)")
    assert judge.judge(case, [HELPER]).bits < judge.judge(case, []).bits


def test_asking_twice_gives_the_same(judge: ModelJudge) -> None:
    case = a_case("zubrowka_total([])")
    first = judge.judge(case, [HELPER])
    judge.judge(case, [])
    again = judge.judge(case, [HELPER])
    assert again.bits == pytest.approx(first.bits, rel=0.01)
    assert (again.is_exact, again.begins_right) == (first.is_exact, first.begins_right)


def test_what_other_files_repeat_is_written(judge: ModelJudge) -> None:
    before = "def test_ledger():\n    items = make_items()\n    assert "
    case = replace(a_case("quixotic_ledger(items)"), prefix=before)
    elsewhere = f"{before}quixotic_ledger(items)\n\n\n"
    assert not judge.judge(case, []).begins_right
    assert judge.judge(case, [], elsewhere).begins_right


def test_a_long_file_fits(judge: ModelJudge) -> None:
    short = a_case("zubrowka_total()")
    long = replace(short, prefix="x = 1\n" * 5000 + short.prefix, suffix="\ny = 2" * 5000)
    assert judge.judge(long, [HELPER]).bits > 0
    window = judge.window_of(long)
    assert long.prefix.endswith(window.before)
    assert long.suffix.startswith(window.after)
    assert len(window.before) > len(window.after) > 100
