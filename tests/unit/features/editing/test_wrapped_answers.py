"""Answers that bring imports along, or repeat what stands around their place."""

from pathlib import Path

import pytest

from cloister.core.document import DocumentSnapshot
from cloister.core.edit import edited
from cloister.core.text import Span, Text
from cloister.features.editing.answer import AnswerFormat, RefusedAnswerError
from cloister.features.editing.checks import Promise
from cloister.features.editing.propose import Target, proposed_edits, whole_lines
from cloister.syntax.languages import language_named

IMPORTER = """\
import os


def here():
    return os.sep


def root_of(number):
    return math.sqrt(number)


class Point:
    def __init__(self, x):
        pass

    def length(self):
        self.x = abs(self.x)
        return self.x
"""


ROOT_OF = IMPORTER[IMPORTER.index("def root_of") : IMPORTER.index("\n\n\nclass")]
POINT = IMPORTER[IMPORTER.index("class Point") :].rstrip()
INIT = IMPORTER[IMPORTER.index("    def __init__") : IMPORTER.index("\n\n    def length")]


def result_of(code: str, wanted: str, source: str = IMPORTER, **promise: bool) -> str:
    text, start = Text(source), source.index(wanted)
    document = DocumentSnapshot("file:///x", Path("/x"), "python", 1, text)
    span = whole_lines(text, Span(start, start + len(wanted)))
    target = Target(document, span, language_named("python"), Promise(**promise))
    return edited(source, proposed_edits(f"```python\n{code}\n```\n", target, AnswerFormat.WHOLE))


def test_an_import_alone_can_be_what_was_missing() -> None:
    result = result_of(f"import math\n\n\n{ROOT_OF}", ROOT_OF)
    assert result == IMPORTER.replace("import os\n", "import math\nimport os\n")


def test_an_import_that_nothing_uses_is_no_change() -> None:
    with pytest.raises(RefusedAnswerError, match="change nothing"):
        result_of(f"import json\n\n\n{ROOT_OF}", ROOT_OF)


def test_an_import_within_a_function_stays_there() -> None:
    new = ROOT_OF.replace("    return", "    import math\n\n    return")
    assert result_of(new, ROOT_OF) == IMPORTER.replace(ROOT_OF, new)


def test_a_function_that_imports_is_no_place_for_imports() -> None:
    source = IMPORTER.replace("    return os", "    import sys\n\n    return os")
    result = result_of(f"import math\n\n\n{ROOT_OF}", ROOT_OF, source)
    assert result == source.replace("import os\n", "import math\nimport os\n")


def test_a_class_with_methods_keeps_the_imports_of_its_answer() -> None:
    new = (
        "@dataclass\nclass Point:\n    x: int\n\n    def length(self):\n        return abs(self.x)"
    )
    answer = f"from dataclasses import dataclass\n\n\n{new}"
    result = result_of(answer, POINT, signature=False)
    assert result == IMPORTER.replace(POINT, new).replace(
        "import os\n", "import os\nfrom dataclasses import dataclass\n"
    )


def test_a_method_is_found_in_its_class_whatever_it_sets() -> None:
    answer = POINT.replace("pass", "self.given = x")
    assert result_of(answer, INIT) == IMPORTER.replace("pass", "self.given = x")
