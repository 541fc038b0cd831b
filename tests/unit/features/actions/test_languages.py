"""Every action in every first-class language, as data: what is offered, and what becomes of it."""

from pathlib import Path

import pytest

from cloister.core.edit import edited, inverse
from cloister.core.text import Span
from cloister.features.actions import all_actions
from cloister.features.editing.possibility import Selection
from cloister.features.editing.task import NewFile, Prose
from support.action_cases import (
    FIRST_CLASS,
    FOLDER,
    ActionCase,
    after_of,
    all_cases,
    answering,
    cases_of,
    changes,
    done,
    filling,
    offers_of,
    selection_of,
)

# These do not go by language, or have tables of their own: where their tests are.
ELSEWHERE = {
    "commit-message": "unit/cli/test_commit_message.py",
    "edit": "lsp/test_editing_by_instruction.py",
    "fix": "unit/features/actions/test_offers.py",
    "fix-all": "unit/features/editing/test_series.py",
    "inline": "unit/syntax/test_inlining.py",
    "rename": "unit/syntax/test_local_names.py",
    "review": "unit/features/editing/test_findings.py",
    "translate": "unit/features/actions/test_translate.py",
}
CASES = all_cases()
EDITS = [case for case in CASES if case.result]
HOLES = [case for case in CASES if case.fill]


@pytest.mark.parametrize("language", FIRST_CLASS)
def test_every_action_is_shown_in_every_language_or_makes_no_sense_there(language: str) -> None:
    cases = cases_of(language)
    shown = {case.action for case in cases.cases}
    assert {*shown, *cases.not_offered, *ELSEWHERE} == {action.name for action in all_actions()}
    assert shown.isdisjoint(cases.not_offered)
    assert all(reason.endswith(".") for reason in cases.not_offered.values())


def test_every_language_has_its_file_and_every_table_its_test() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(FIRST_CLASS)
    tests = FOLDER.parent.parent
    assert [name for name in ELSEWHERE.values() if not (tests / name).is_file()] == []


@pytest.mark.parametrize("language", FIRST_CLASS)
async def test_what_makes_no_sense_is_offered_nowhere(language: str, tmp_path: Path) -> None:
    cases = cases_of(language)
    place = selection_of(cases.cases[0], tmp_path)
    text = place.document.text
    for line in range(text.line_count):
        end = text.line_end(line)
        selection = Selection(place.document, Span(end, end), root=tmp_path)
        offered = {it.action.name for it in await offers_of(selection)}
        assert offered.isdisjoint(cases.not_offered)


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_it_is_offered_to_the_models_that_can_do_it(case: ActionCase, tmp_path: Path) -> None:
    offers = await offers_of(selection_of(case, tmp_path))
    found = [it for it in offers if (it.action.name, it.title) == (case.action, case.title)]
    assert [it.disabled for it in found] == [""]


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("case", EDITS, ids=str)
async def test_an_answer_becomes_exactly_this_file(
    case: ActionCase, newline: str, tmp_path: Path
) -> None:
    place = selection_of(case, tmp_path, newline)
    check(place, await done(case, place, answering(case)), case.result, newline)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("case", HOLES, ids=str)
async def test_a_filled_hole_becomes_exactly_this_file(
    case: ActionCase, newline: str, tmp_path: Path
) -> None:
    place = selection_of(case, tmp_path, newline)
    check(place, await done(case, place, filling(case)), case.filled, newline)


@pytest.mark.parametrize("case", [it for it in CASES if it.file], ids=str)
async def test_a_new_file_is_written_where_the_language_has_its_tests(
    case: ActionCase, tmp_path: Path
) -> None:
    result = await done(case, selection_of(case, tmp_path), answering(case))
    assert isinstance(result, NewFile)
    assert (result.path, result.text) == (tmp_path / case.file, case.answer)


@pytest.mark.parametrize("case", [it for it in CASES if it.action == "explain"], ids=str)
async def test_prose_is_shown_and_changes_nothing(case: ActionCase, tmp_path: Path) -> None:
    place = selection_of(case, tmp_path)
    assert await done(case, place, answering(case)) == Prose(f"Sure:\n\n```\n{case.answer}```\n")


def check(place: Selection, result: object, wanted: str, newline: str) -> None:
    """Check the changed document, and that they can be taken back."""
    assert isinstance(result, tuple)
    before = place.document.text.value
    after = after_of(result, place)
    assert after.count("\n") == after.count(newline)
    assert changes(*(text.replace("\r\n", "\n") for text in (before, after))) == wanted
    assert edited(after, inverse(before, result)) == before
