import pytest

from cloister.core.document import DocumentSnapshot
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Text
from cloister.policy.trigger import decline_reason, language_reason
from support.marked import cursor


def declined(marked: str, trigger: Trigger = Trigger.AUTOMATIC) -> str | None:
    text, offset = cursor(marked)
    document = DocumentSnapshot("untitled:1", None, "python", 1, Text(text))
    outcome = decline_reason(CompletionRequest(document, offset, trigger))
    return None if outcome is None else outcome.reason


@pytest.mark.parametrize(
    "marked", ["║", "x║", "x = ║", "f(║)", "a.║b", "║x", "x║\ny", "é║", "\n║\n"]
)
def test_ordinary_places_are_worth_asking_for(marked: str) -> None:
    assert declined(marked) is None


@pytest.mark.parametrize("marked", ["a║b", "é║é", "x_║1"])
def test_inside_a_word_only_when_asked(marked: str) -> None:
    assert declined(marked) == "The cursor stands inside a word."
    assert declined(marked, Trigger.INVOKED) is None


def test_long_lines_and_binary_text_are_never_worth_it() -> None:
    assert "longer than" in (declined("x" * 2001 + "║", Trigger.INVOKED) or "")
    assert "binary" in (declined("\0║", Trigger.INVOKED) or "")


def test_a_nul_far_away_does_not_matter() -> None:
    assert declined("\0" + "\n" * 20_000 + "x = ║") is None


def test_languages_are_named() -> None:
    assert language_reason("python", frozenset({"python"})) is None
    assert language_reason("go", None) is None
    outcome = language_reason("go", frozenset({"python"}))
    assert outcome is not None
    assert "go" in outcome.reason
