"""Which problems of a file are fixed at once, and in which lines."""

from pathlib import Path

import pytest

from cloister.core.document import DocumentSnapshot
from cloister.core.text import Span, Text
from cloister.features.actions import all_actions
from cloister.features.editing.place import Place, Problem, read_document
from cloister.features.editing.repairing import repairs
from cloister.features.editing.task import Series
from cloister.syntax.languages import language_named

SOURCE = """\
import os
import sys

LIMIT = 3


class Shop:
    prices = []

    def total(self):
        result = 0
        return result

    def close(self):
        pass


def main():
    def inner():
        pass

    return inner
print(LIMIT)
"""
TOTAL, MAIN = "    def total(self):", "def main():"


@pytest.mark.parametrize(
    ("problems", "places"),
    [
        ([], []),
        (["result = 0"], [(1, TOTAL)]),
        (["return result", "result = 0"], [(2, TOTAL)]),
        (["result = 0", "pass"], [(1, TOTAL), (1, "    def close(self):")]),
        (["import sys", "import os"], [(2, "import os")]),
        (["import sys", "LIMIT = 3"], [(1, "import os"), (1, "LIMIT = 3")]),
        (["prices"], [(1, "class Shop:")]),
        (["def inner"], [(1, "    def inner():")]),
        (["def inner", "return inner"], [(2, MAIN)]),
        (["print"], [(1, "print(LIMIT)")]),
        (["print", "return inner"], [(2, MAIN)]),
    ],
)
def test_problems_are_fixed_place_by_place(
    problems: list[str], places: list[tuple[int, str]]
) -> None:
    found = list(repairs(place_of(), [problem_at(it) for it in problems]))
    starts = [SOURCE[it.instruction.span.start :].split("\n", maxsplit=1)[0] for it in found]
    assert list(zip((it.n_problems for it in found), starts, strict=True)) == places


def test_what_is_asked_names_each_problem_and_its_line() -> None:
    problems = [
        Problem(problem_at("result = 0").span, "unused\nname", "lint"),
        problem_at("return"),
    ]
    (found,) = repairs(place_of(), problems)
    assert found.instruction.text == (
        "Fix these problems:\n"
        "- unused name\nIt is reported in the line `result = 0`.\n"
        "- return is bad\nIt is reported in the line `return result`.\n"
        "Change as little as possible."
    )
    assert found.instruction.said == "unused name\nreturn is bad"


def test_the_paragraph_is_not_endless() -> None:
    lines = [f"x{number} = {number}" for number in range(100)]
    place = place_of("\n".join(lines))
    start = place.text.line_start(50)
    (found,) = repairs(place, [Problem(Span(start, start), "bad")])
    text = place.text.value[found.instruction.span.start : found.instruction.span.end]
    assert text.split("\n") == lines[30:71]


@pytest.mark.parametrize(
    ("n", "title"),
    [
        (1, "Fix 1 problem in this file"),
        (20, "Fix 20 problems in this file"),
        (21, "Fix the first 20 problems in this file"),
    ],
)
def test_the_title_says_how_many_are_tried(n: int, title: str) -> None:
    source = "\n\n".join(f"x{number} = {number}" for number in range(n))
    place = place_of(source)
    starts = [place.text.line_start(2 * number) for number in range(n)]
    place = place_of(source, tuple(Problem(Span(it, it + 1), "bad") for it in starts))
    action = next(it for it in all_actions() if it.name == "fix-all")
    (offer,) = action.offers(place)
    (task,) = offer.tasks
    assert isinstance(task, Series)
    assert (offer.title, len(task.repairs)) == (title, min(n, 20))


def test_without_problems_there_is_nothing_to_fix() -> None:
    action = next(it for it in all_actions() if it.name == "fix-all")
    assert not list(action.offers(place_of()))


@pytest.mark.parametrize(("at", "here"), [("result = 0", 2), ("return result", 1), ("LIMIT", 0)])
def test_problems_here_are_those_of_the_lines(at: str, here: int) -> None:
    problems = problem_at("result = 0"), problem_at("result = 0\n        return"), problem_at("sys")
    place = place_of(SOURCE, problems)
    start = SOURCE.index(at)
    assert len(Place(place.read, Span(start, start), problems).problems_here) == here


def problem_at(text: str) -> Problem:
    start = SOURCE.index(text)
    return Problem(Span(start, start + len(text)), f"{text.split(maxsplit=1)[0]} is bad")


def place_of(source: str = SOURCE, problems: tuple[Problem, ...] = ()) -> Place:
    document = DocumentSnapshot("file:///a.py", Path("/a.py"), "python", 1, Text(source))
    language = language_named("python")
    assert language is not None
    return Place(read_document(document, language), Span(0, 0), problems)
