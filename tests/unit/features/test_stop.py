import pytest

from cloister.core.text import Text
from cloister.features.completion.stop import end_of_completion, place_at
from cloister.syntax.languages import language_for_id, language_named
from support.marked import CASES, MarkedCase, cursor, read_cases

_CASES = [
    pytest.param(path.stem, case, id=f"{path.stem}: {case.name}")
    for path in sorted((CASES / "stop").glob("*.txt"))
    for case in read_cases(f"stop/{path.name}")
]


@pytest.mark.parametrize(("language", "case"), _CASES)
def test_completions_end_where_a_person_would_stop(language: str, case: MarkedCase) -> None:
    text, offset = Text(case.before + case.after), len(case.before)
    place = place_at(text, offset, language_named(language), multiline=True)
    end = end_of_completion(place, case.written)
    kept = case.written if end is None else case.written[:end]
    assert kept == case.kept


def test_without_a_grammar_indentation_ends_a_completion() -> None:
    text, offset = cursor("if (a) {\n    ║")
    place = place_at(Text(text), offset, None, multiline=True)
    assert end_of_completion(place, "b();\n    c();\n}\nd();") == len("b();\n    c();\n}")


def test_multiline_switched_off_means_one_line_everywhere() -> None:
    text, offset = cursor("def f():\n    ║")
    place = place_at(Text(text), offset, language_for_id("python"), multiline=False)
    assert end_of_completion(place, "a = 1\n    b = 2") == len("a = 1")


def test_the_parsed_source_starts_at_a_top_level_line() -> None:
    text, offset = cursor("import os\n\nclass A:\n    def f(\n        self,\n    ):\n        ║")
    place = place_at(Text(text), offset, None, multiline=True)
    assert place.source.startswith("class A:")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_stops_alike(newline: str) -> None:
    text, offset = cursor("def f():\n    if a:\n        return ║".replace("\n", newline))
    place = place_at(Text(text), offset, language_for_id("python"), multiline=True)
    written = "foo(\n            1)\n    return 2\n\ndef g():\n    pass"
    assert end_of_completion(place, written) == len("foo(\n            1)")


def test_far_away_lines_are_not_looked_at() -> None:
    class Counted(Text):
        n_lines_read = 0

        def line(self, line: int) -> str:
            Counted.n_lines_read += 1
            return Text.line(self, line)

    blank = Counted("class A:\n" + "    x = 1\n" * 50_000 + "\n" * 100_000)
    place_at(blank, blank.line_start(50_002), None, multiline=True)
    assert Counted.n_lines_read < 6000
