import pytest

from cloister.core.text import Span
from cloister.syntax.languages import language_named
from cloister.syntax.references import references_in
from cloister.syntax.tree import parse

PYTHON = language_named("python")
assert PYTHON is not None


def test_only_what_touches_the_span_counts() -> None:
    source = "one(a)\ntwo(b)\nthree(c)"
    parsed = parse(source, PYTHON)
    span = Span(source.index("two"), source.index("three") - 1)
    assert [each.name for each in references_in(parsed, span)] == ["two", "b"]
    assert references_in(parsed, Span(3, 3)) == []


@pytest.mark.parametrize(
    "source",
    ["import a.b as c", "from a import b as c, d", "def f(x): pass", "x = 1", "class A: y: int"],
)
def test_names_that_are_made_here_are_not_used(source: str) -> None:
    names = {each.name for each in references_in(parse(source, PYTHON))}
    assert names <= {"int"}


def test_a_long_receiver_is_cut() -> None:
    parsed = parse(f"({'a, ' * 1000}).b", PYTHON)
    assert max(len(each.receiver) for each in references_in(parsed)) == 200
