import pytest

from cloister.core.text import Text
from cloister.features.completion.stop import end_of_completion, place_at
from cloister.syntax.languages import language_for_id
from support.marked import MarkedCase, cursor, read_cases


@pytest.mark.parametrize("case", read_cases("stop/python.txt"), ids=lambda case: case.name)
def test_python_completions_end_where_a_person_would_stop(case: MarkedCase) -> None:
    text, offset = Text(case.before + case.after), len(case.before)
    place = place_at(text, offset, language_for_id("python"), multiline=True)
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
