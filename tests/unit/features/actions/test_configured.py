"""The user's own code actions: where they are offered, and what they may change."""

from pathlib import Path

import pytest

from cloister.core.document import DocumentSnapshot
from cloister.core.text import Span, Text
from cloister.features.actions import all_actions
from cloister.features.editing.configured import actions_with
from cloister.features.editing.place import Place, read_document
from cloister.features.editing.possibility import Models, possibilities_of
from cloister.features.editing.task import Instruction
from cloister.features.escalation.escalate import Service
from cloister.settings.actions import ActionSettings, AppliesTo, ModelClass
from cloister.syntax.languages import language_named

SOURCE = "class A:\n    def f(self):\n        return self.x\n\n\nlimit = 5\n"
FUNCTION = "def f(self):\n        return self.x"
CLASS = f"class A:\n    {FUNCTION}"
OWN = ActionSettings("mine", "Do it", "Do it well.")


@pytest.mark.parametrize(
    ("applies_to", "selected", "about"),
    [
        (None, "", FUNCTION),
        (None, "self.x", "self.x"),
        (None, "limit", "limit"),
        (AppliesTo.FUNCTION, "self.x", FUNCTION),
        (AppliesTo.FUNCTION, "limit", None),
        (AppliesTo.CLASS, "self.x", CLASS),
        (AppliesTo.CLASS, "limit", None),
        (AppliesTo.SELECTION, "self.x", "self.x"),
        (AppliesTo.SELECTION, "", None),
    ],
)
def test_it_is_about_what_it_says(
    applies_to: AppliesTo | None, selected: str, about: str | None
) -> None:
    own = ActionSettings("mine", "Do it", "Do it well.", applies_to=applies_to)
    assert offered(own, selected) == about


@pytest.mark.parametrize(
    ("languages", "is_offered"),
    [((), True), (("python",), True), (("go", "python"), True), (("go",), False)],
)
def test_it_is_for_its_languages(languages: tuple[str, ...], *, is_offered: bool) -> None:
    own = ActionSettings("mine", "Do it", "Do it well.", languages=languages)
    assert (offered(own, "") is not None) == is_offered


def test_editors_may_call_a_language_otherwise() -> None:
    own = ActionSettings("mine", "Do it", "Do it well.", languages=("shellscript",))
    action = next(it for it in actions_with([own]) if it.name == "mine")
    assert list(action.offers(place("f() {\n  echo 1\n}\n", "echo 1", "bash")))


@pytest.mark.parametrize(
    ("model", "who"),
    [(None, ["", "team"]), (ModelClass.LOCAL, [""]), (ModelClass.SERVICE, ["team"])],
)
def test_it_says_whose_model_does_it(model: ModelClass | None, who: list[str]) -> None:
    own = ActionSettings("mine", "Do it", "Do it well.", model=model)
    action = next(it for it in actions_with([own]) if it.name == "mine")
    (offer,) = action.offers(place(SOURCE, "self.x"))
    found = possibilities_of(
        action, offer, Models(None, follows_instructions=True), [Service("team", "M", False, 4096)]
    )
    assert [it.service.name if it.service else "" for it in found] == who


def test_they_stand_among_the_others_by_name() -> None:
    names = [it.name for it in actions_with([OWN])]
    assert names == sorted([*(it.name for it in all_actions()), "mine"])


def test_one_of_the_same_name_stands_in_the_others_place() -> None:
    own = ActionSettings("simplify", "Make it simple", "Do it well.")
    (found,) = (it for it in actions_with([own]) if it.name == "simplify")
    assert [it.title for it in found.offers(place(SOURCE, ""))] == ["Make it simple"]


def offered(own: ActionSettings, selected: str) -> str | None:
    """Return the text that the action would change, None when it is not offered."""
    action = next(it for it in actions_with([own]) if it.name == own.name)
    at = place(SOURCE, selected)
    offers = list(action.offers(at))
    if not offers:
        return None
    (task,) = offers[0].tasks
    assert isinstance(task, Instruction)
    assert (offers[0].title, task.text) == (own.title, own.instruction)
    return SOURCE[task.span.start : task.span.end]


def place(source: str, selected: str, language: str = "python") -> Place:
    """Return the place of a text; without one, the cursor in the function."""
    start = source.index(selected or "return")
    document = DocumentSnapshot("file:///a", Path("/a"), language, 1, Text(source))
    known = language_named(language)
    assert known is not None
    return Place(read_document(document, known), Span(start, start + len(selected)))
