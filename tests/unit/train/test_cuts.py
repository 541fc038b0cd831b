import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.text import Span
from cloister.syntax.languages import language_named
from train.cuts import _CUTS, Kind, cut

PYTHON = """\
def total(prices, rate):
    result = 0
    for price in prices:
        result += price * rate
        print(price)
    return round(result, 2)
"""


def holes(kind: Kind, line_text: str) -> set[str]:
    """Return what one kind of hole can take out of PYTHON on a line."""
    start = PYTHON.index(line_text)
    line = Span(PYTHON.rindex("\n", 0, start) + 1, PYTHON.index("\n", start))
    language = language_named("python")
    spans = (_CUTS[kind](PYTHON, line, language, random.Random(seed)) for seed in range(300))  # noqa: S311  # repeatable
    return {PYTHON[span.start : span.end] for span in spans if span}


@pytest.mark.parametrize(
    ("kind", "line", "expected"),
    [
        (
            Kind.LINE,
            "result += price",
            {
                "result += price * rate",
                "+= price * rate",
                "= price * rate",
                " price * rate",
                "price * rate",
                "* rate",
                " rate",
                "rate",
            },
        ),
        (
            Kind.WHOLE_LINES,
            "print(price)",
            {
                "print(price)",
                "print(price)\n    return round(result, 2)",
            },
        ),
        (
            Kind.BLOCK,
            "result += price",
            {
                "result += price * rate\n        print(price)",
                "result += price * rate\n        print(price)\n    return round(result, 2)",
            },
        ),
    ],
)
def test_holes_are_what_an_editor_asks_for(kind: Kind, line: str, expected: set[str]) -> None:
    assert holes(kind, line) == expected


def test_the_rest_of_a_statement_ends_with_a_statement() -> None:
    found = holes(Kind.STATEMENT, "for price in")
    assert all(it.endswith(("print(price)", "round(result, 2)")) for it in found)
    assert "price in prices:\n        result += price * rate\n        print(price)" in found


def test_a_hole_inside_a_line_leaves_some_of_it() -> None:
    assert any(PYTHON.count(it) and not it.endswith("2)") for it in holes(Kind.INSIDE, "return"))


@given(st.text(), st.integers(), st.sampled_from(["python", "go", "nothing"]))
def test_any_text_can_be_cut(text: str, seed: int, language: str) -> None:
    hole = cut(text, language_named(language), random.Random(seed))  # noqa: S311  # repeatable
    if hole is not None:
        assert 0 <= hole.span.start < hole.span.end <= len(text)
        assert text[hole.span.start : hole.span.end].strip()
