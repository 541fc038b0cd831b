"""What counts as solved, and what else is said."""

import sys
from collections.abc import Iterator

import pytest

from cloister.evaluation.actions.judging import judge

SOURCE = 'def f(a):\n    return a\n\n\ndef g():\n    """Return one."""\n    return 1\n'
DOCUMENTED = SOURCE.replace("(a):\n", '(a):\n    """Return what was given."""\n')
TYPED = SOURCE.replace("f(a):", "f(a: int) -> int:")


@pytest.fixture(autouse=True)
def _no_case_stays() -> Iterator[None]:
    yield
    sys.modules.pop("case", None)


def judged(action: str, after: str, tests: str = "assert f(1) == 1") -> dict[str, object]:
    return judge({"action": action, "before": SOURCE, "after": after, "tests": tests})


@pytest.mark.parametrize(
    ("action", "after", "problem"),
    [
        ("implement", SOURCE, ""),
        ("implement", SOURCE.replace("return a", "return 2"), "a hidden test fails"),
        ("implement", SOURCE.replace("return a", "return b"), "raises NameError"),
        ("implement", SOURCE.replace("return a", "raise SystemExit"), "raises SystemExit"),
        ("implement", SOURCE.replace("return a", "return f(a)"), "raises RecursionError"),
        ("document", DOCUMENTED, ""),
        ("document", SOURCE, "adds nothing"),
        ("document", SOURCE + "# a comment\n", "adds nothing"),
        ("document", TYPED, "changes other code"),
        ("document", DOCUMENTED.replace("return a", "return (a + 0)"), "changes other code"),
        ("document", DOCUMENTED.replace("what was given", "one"), "repeats other documentation"),
        ("annotate", TYPED, ""),
        ("annotate", "import typing\n" + TYPED.replace("int:", "typing.Any:"), ""),
        ("annotate", DOCUMENTED, "changes other code"),
        ("annotate", TYPED.replace("f(a", "f(b"), "changes other code"),
        ("annotate", TYPED.replace("int:", "Integer:"), "raises NameError"),
        ("annotate", TYPED.replace("int:", '"Integer":'), "raises NameError"),
    ],
)
def test_an_edit_that_parses_is_run(action: str, after: str, problem: str) -> None:
    assert judged(action, after) == {"parses": True, "problem": problem}


@pytest.mark.parametrize("after", ["def f(a:\n", "if f:\n", "f\0", "(" * 5000, "-" * 100_000 + "1"])
def test_an_edit_that_does_not_parse_is_not_run(after: str) -> None:
    assert judged("implement", after) == {"parses": False, "problem": "does not parse"}


def test_hidden_tests_know_the_source() -> None:
    assert judged("implement", SOURCE, "assert 'return a' in SOURCE")["problem"] == ""
    assert judged("implement", SOURCE, "assert 'loop' in SOURCE")["problem"] != ""
