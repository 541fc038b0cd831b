"""A model that plays a script, from the action to the verdict of a real process."""

from functools import partial
from pathlib import Path

import pytest

from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.cli.eval_actions import actor
from cloister.cli.eval_actions_view import print_actions
from cloister.evaluation.actions.cases import ActionCase, all_cases, spread
from cloister.evaluation.actions.confined import judged, unusable_languages
from cloister.evaluation.actions.report import as_json, report_on_actions
from cloister.evaluation.actions.session import ActionResult, Ending, evaluate_actions
from cloister.evaluation.actions.toolchains import extension_of
from cloister.features.editing.act import ActionFeature
from cloister.features.editing.answer import AnswerFormat
from cloister.features.editing.possibility import Backends, Wish
from cloister.features.escalation.approval import Approver, Choice, Preview
from cloister.settings.settings import Settings


async def _no(_preview: Preview) -> Choice:
    return Choice.NO


ANY_WAY = Wish("")


async def evaluated(
    cases: list[ActionCase], rules: list[Rule], folder: Path, manner: Wish = ANY_WAY
) -> list[ActionResult]:
    backend = ScriptedBackend(rules, context_tokens=4096)
    feature = ActionFeature(Backends(backend, backend), Settings(), None)
    act = actor(feature, manner, Approver(_no), folder)
    try:
        return await evaluate_actions(cases, act, lambda _done, _total: None, JUDGE)
    finally:
        feature.close()


JUDGE = partial(judged, most_seconds=5)


def a_case(name: str) -> ActionCase:
    source = f'def {name}(n):\n    """Return n plus one."""\n    pass\n'
    tests = f"assert {name}(1) == 2"
    return ActionCase(name, "python", "implement", source, "pass", "return n + 1", tests)


def answer(name: str, *lines: str) -> Rule:
    code = f'def {name}(n):\n    """Return n plus one."""\n' + "".join(
        f"    {it}\n" for it in lines
    )
    return Rule(instruction=f"body of `{name}`", text=f"```python\n{code}```\n")


ANSWERS = {
    "right": ["return n + 1"],
    "wrong": ["return n - 1"],
    "hanging": ["while True:", "    pass"],
    "calling": ["__import__('socket').socket()", "return n + 1"],
    "writing": ["open('../x', 'w')", "return n + 1"],
    "starting": ["__import__('os').system('true')", "return n + 1"],
    "leaving": ["__import__('os')._exit(0)"],
}


async def test_every_ending_is_told_with_its_reason(tmp_path: Path) -> None:
    cases = [a_case(name) for name in (*ANSWERS, "silent")]
    rules = [answer(name, *lines) for name, lines in ANSWERS.items()]
    results = {it.name: it for it in await evaluated(cases, rules, tmp_path)}
    refusal = results.pop("silent")
    assert refusal.ending is Ending.REFUSED
    assert refusal.reason.endswith((".", "!"))
    assert refusal.changed_chars == 0
    assert {name: (it.ending, it.reason) for name, it in results.items()} == {
        "right": (Ending.SOLVED, ""),
        "wrong": (Ending.WRONG, "a hidden test fails"),
        "hanging": (Ending.STOPPED, "takes too long"),
        "calling": (Ending.WRONG, "raises PermissionError"),
        "writing": (Ending.WRONG, "raises PermissionError"),
        "starting": (Ending.WRONG, "raises PermissionError"),
        "leaving": (Ending.STOPPED, "ends without a result"),
    }
    assert results["right"].changed_chars == results["right"].wanted_chars


# What was once refused or broken: imports beside a class, new fields in a repeated class.
_HARD_TO_FIT = {"point", "account", "init"}


async def test_answers_that_are_the_references_solve_all(tmp_path: Path) -> None:
    skipped = unusable_languages(all_cases())
    usable = [it for it in all_cases() if it.language not in skipped]
    cases = [*spread(usable, 30), *(it for it in usable if it.name in _HARD_TO_FIT)]
    rules = [Rule(instruction=_asked(it), text=f"```python\n{it.reference}```\n") for it in cases]
    results = await evaluated(cases, rules, tmp_path)
    assert [(it.name, it.reason) for it in results] == [(it.name, "") for it in cases]


async def test_a_form_can_be_asked_for(tmp_path: Path) -> None:
    block = "<<<<<<< SEARCH\n    pass\n=======\n    return n + 1\n>>>>>>> REPLACE\n"
    rules = [Rule(instruction="<<<<<<< SEARCH", text=block)]
    (whole,) = await evaluated([a_case("add")], rules, tmp_path / "whole")
    assert whole.ending is Ending.REFUSED
    blocks = Wish("", form=AnswerFormat.BLOCKS)
    (result,) = await evaluated([a_case("add")], rules, tmp_path / "blocks", blocks)
    assert (result.ending, result.reason) == (Ending.SOLVED, "")


def _asked(case: ActionCase) -> str:
    """Return what stands in the conversation about this case alone."""
    return f"The file {case.name}{extension_of(case.language)} "


def a_result(action: str, ending: Ending, reason: str = "", chars: int = 0) -> ActionResult:
    language = "c" if action == "convert" else "python"
    return ActionResult("it", language, action, ending, reason, chars, 10, 5.0)


RESULTS = [
    a_result("fix", Ending.SOLVED, "", 10),
    a_result("fix", Ending.WRONG, "a hidden test fails", 20),
    a_result("fix", Ending.REFUSED, "The model would change nothing."),
    a_result("implement", Ending.BROKEN, "does not parse", 30),
    a_result("implement", Ending.STOPPED, "takes too long", 40),
    a_result("implement", Ending.STOPPED, "takes too long", 0),
    a_result("convert", Ending.REFUSED, "The model would change nothing."),
]


def test_counts_add_up() -> None:
    report = report_on_actions(RESULTS, {"java": "javac is not installed."})
    convert, fix, implement = report.actions
    c, python = report.languages
    everything = report.everything
    assert (c.n_cases, python.n_cases) == (1, 6)
    assert (fix.n_cases, fix.n_answered, fix.n_parsed, fix.n_solved) == (3, 2, 2, 1)
    assert (implement.n_cases, implement.n_answered, implement.n_parsed) == (3, 3, 2)
    assert (fix.size, implement.size, convert.size) == (1.5, 70 / 30, None)
    assert (fix.p50_ms, convert.p50_ms) == (5.0, None)
    assert everything.n_cases == len(RESULTS)
    for it in (*report.actions, *report.languages, everything):
        ended = it.n_solved + it.n_wrong + it.n_broken + it.n_stopped + it.n_refused
        assert ended == it.n_cases
    assert report.refusals == {"The model would change nothing.": 2}
    assert list(report.problems.items()) == [
        ("takes too long", 2),
        ("a hidden test fails", 1),
        ("does not parse", 1),
    ]


def test_nothing_makes_an_empty_report() -> None:
    everything = report_on_actions([], {}).everything
    assert (everything.n_cases, everything.size, everything.p50_ms) == (0, None, None)


def test_everything_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    report = report_on_actions(RESULTS, {"java": "javac is not installed."})
    print_actions(report, "a\x1b[31mmodel")
    printed = capsys.readouterr().out
    assert "\x1b[31m" not in printed
    assert "No edit (2): The model would change nothing." in printed
    assert "No solution (2): takes too long" in printed
    assert "Not tried: java: javac is not installed." in printed
    assert ["all", "7", "5", "4", "1", "2.00", "5"] in [
        line.split() for line in printed.split("\n")
    ]
    told = as_json(report, RESULTS, "a model")
    assert told["model"] == "a model"
