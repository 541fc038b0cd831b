import pytest

from cloister.core.generation import Chunk
from cloister.features.completion.candidate import Candidate, Dropped
from cloister.features.completion.filters import PIPELINE, apply_filters


def check(
    text: str, expected: str | None, *, before: str = "", after: str = "", sure: float = 0.9
) -> None:
    """Check what the pipeline leaves of `text`; None stands for dropped."""
    chunks = (Chunk(text, sure),)
    result = apply_filters(Candidate(text, chunks, before, after, min_confidence=0.5))
    assert (None if isinstance(result, Dropped) else result.text) == expected


@pytest.mark.parametrize(
    "text", ["a\x1b[31m", "a\u202eb", "a\u200bb", "a\U000e0041", "a\x00", "a\ud800", "a\rb"]
)
def test_invisible_characters_are_never_shown(text: str) -> None:
    check(text, None)


def test_ordinary_letters_of_any_script_pass() -> None:
    check('"é😀日本"', '"é😀日本"')


def test_trailing_white_space_is_cut() -> None:
    check("return x  \n\n", "return x")


def test_the_rest_of_the_line_is_not_repeated() -> None:
    check('"x")', '"x"', before="print(", after=")\n")
    check("xy))", "xy", before="f(g(", after="))\n")
    check("xy)", "xy", before="f(g(", after="))\n")


def test_a_bracket_that_belongs_to_the_text_stays() -> None:
    check("foo(x)", "foo(x)", before="print(", after=")\n")
    check("foo(x))", "foo(x)", before="print(", after=")\n")
    check("a[0]", "a[0]", before="x = [", after="]\n")
    check("'a'", "'a'", before="{", after="'b': 1}\n")


def test_a_space_before_the_rest_of_the_line_stays() -> None:
    check("x + ", "x + ", before="return ", after="y\n")
    check("a, b)", "a, ", before="foo(", after="b)\n")


def test_the_next_line_of_the_document_is_not_repeated() -> None:
    check("a = 1\n    return a", "a = 1", before="    ", after="\n    return a\n")
    check("return a", None, before="    ", after="\n    return a\n")


def test_a_single_letter_is_not_worth_showing() -> None:
    check("e", None)
    check("1", None)
    check(":", ":")


def test_loops_are_dropped() -> None:
    check("a, a, a, a, a, a, a", None, before="f(")
    check("foo_bar, foo_bar, foo_bar, foo_bar, foo_bar", None, before="f(")
    check("0, 0, 0, 0, 0", "0, 0, 0, 0, 0", before="f(", after=")")
    check("{self.x} {self.x} {self.x} {self.x}", None, before='f"')


def test_the_line_above_is_not_repeated() -> None:
    check("import os", None, before="import os\n")
    check("import sys", "import sys", before="import os\n")


def test_a_second_copy_of_a_long_line_is_cut() -> None:
    check("value = compute()\nvalue = compute()", "value = compute()")


def test_what_the_model_is_not_sure_of_is_dropped() -> None:
    check("return x", None, sure=0.4)
    check("return x", "return x", sure=0.5)


def test_lines_are_cut_until_the_model_is_sure() -> None:
    chunks = (Chunk("a = 1", 0.9), Chunk("\nb = 2", 0.1), Chunk("\nc = 3", 0.1))
    result = apply_filters(Candidate("a = 1\nb = 2\nc = 3", chunks, "", "", min_confidence=0.5))
    assert isinstance(result, Candidate)
    assert result.text == "a = 1"


def test_a_line_is_as_likely_as_all_its_tokens_together() -> None:
    chunks = (
        Chunk("a", 0.8),
        Chunk(" = 1", 0.8),
        Chunk("\n", 1.0),
        Chunk("b", 0.8),
        Chunk("\nc", 0.5),
    )
    candidate = Candidate("a = 1\nb\nc", chunks, "", "")
    assert candidate.line_probabilities() == pytest.approx([0.64, 0.8, 0.5])
    glued = Candidate("f(\nb", (Chunk("f", 0.5), Chunk("(\n", 0.5), Chunk("b", 0.5)), "", "")
    assert glued.line_probabilities() == pytest.approx([0.25, 0.5])
    assert candidate.cut(3).line_probabilities() == pytest.approx([0.64])


def test_each_filter_file_is_in_the_pipeline() -> None:
    import pkgutil

    from cloister.features.completion import filters

    names = {module.name for module in pkgutil.iter_modules(filters.__path__)}
    assert names == {name for name, _ in PIPELINE}
