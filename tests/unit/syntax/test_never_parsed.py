"""Texts that would end the process, or take minutes, if their grammar saw them."""

import pytest

from cloister.syntax.languages import language_named
from cloister.syntax.outline import outline_of
from cloister.syntax.tree import parse


def _steps(levels: int, *keys: str) -> str:
    return "".join(f"{' ' * level}{key}\n" for level in range(levels) for key in keys)


@pytest.mark.parametrize(
    "source",
    [
        "- " * 1_000,
        "? - " * 1_000,
        ": " * 1_000,
        "a: 1\n" + "- " * 300,
        _steps(300, "a:"),
        _steps(130, "a:", "- "),
        _steps(300, "a:").replace("\n", "\r"),
        "---\na: 1\n" * 1_000,
    ],
    ids=["sequences", "keys", "values", "later", "mappings", "both", "returns", "documents"],
)
def test_yaml_that_its_grammar_cannot_stand_is_not_parsed(source: str) -> None:
    language = language_named("yaml")
    assert language is not None
    parsed = parse(source, language)
    assert not parsed.is_complete
    assert outline_of(parsed).definitions == ()


@pytest.mark.parametrize(
    "source",
    [_steps(115, "a:"), _steps(115, "a:", "- "), "- " * 60, "---\nkind: Secret\n" * 900],
)
def test_yaml_as_people_write_it_is_parsed(source: str) -> None:
    language = language_named("yaml")
    assert language is not None
    assert parse(source, language).is_complete
