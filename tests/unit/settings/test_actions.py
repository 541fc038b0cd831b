"""Code actions in the user's own file: what is read, and what is refused in one sentence."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.errors import SettingsError
from cloister.settings.actions import ActionSettings, AppliesTo, parse_action, parse_actions
from cloister.settings.resolve import resolve_settings
from cloister.settings.settings import Settings
from cloister.settings.user_file import read_user_file

LEAST = {"title": "Log it", "instruction": "Log every call."}
WRITTEN = '''\
enabled = true

[actions.log-calls]
title = "Log every call"
instruction = """
Log every call with `logging`.
Change nothing else.
"""
kind = "refactor.rewrite.logging"
languages = ["python", "go"]
applies-to = "function"

[actions.least]
title = "Tidy"
instruction = "Tidy up."
'''
READ = (
    ActionSettings(
        "log-calls",
        "Log every call",
        "Log every call with `logging`.\nChange nothing else.",
        "refactor.rewrite.logging",
        ("python", "go"),
        AppliesTo.FUNCTION,
    ),
    ActionSettings("least", "Tidy", "Tidy up."),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_what_the_file_says_is_read(file: Path) -> None:
    file.write_text(WRITTEN, encoding="utf-8")
    assert read_user_file(file) == (Settings(actions=READ), ())


def test_one_mistake_leaves_the_others(file: Path) -> None:
    broken = WRITTEN.replace('kind = "refactor', 'kinds = "refactor')
    file.write_text(broken, encoding="utf-8")
    settings, problems = read_user_file(file)
    assert settings.actions == READ[1:]
    assert problems == (f"{file}: The action 'log-calls' has no key 'kinds'; did you mean 'kind'?",)


def test_editors_have_no_say() -> None:
    settings, problems = resolve_settings({"actions": {"mine": LEAST}}, Settings(actions=READ))
    assert settings.actions == READ
    assert len(problems) == 1


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({}, "needs 'title'"),
    ({"title": "a"}, "needs 'instruction'"),
    (LEAST | {"temperature": 1}, "no key 'temperature'"),
    (LEAST | {"model": "m"}, "must be one of local, service"),
    (LEAST | {"applies_to": "class"}, "did you mean 'applies-to'"),
    (LEAST | {"title": "a\nb"}, "'title' of the action 'a' must be a line"),
    (LEAST | {"title": "a" * 81}, "must be a line of at most 80 characters"),
    (LEAST | {"title": "a\u202eb"}, "must be a line"),
    (LEAST | {"instruction": " \n"}, "must be a text"),
    (LEAST | {"instruction": "a" * 4_001}, "must be a text of at most 4,000 characters"),
    (LEAST | {"instruction": 5}, "must be a text"),
    (LEAST | {"kind": "source.fixAll"}, "must be `quickfix`, `refactor` or a kind below"),
    (LEAST | {"kind": "refactored"}, "must be `quickfix`"),
    (LEAST | {"kind": "refactor."}, "must be `quickfix`"),
    (LEAST | {"languages": "python"}, "must be a list of names"),
    (LEAST | {"languages": []}, "must be a list of names"),
    (LEAST | {"languages": [1]}, "must be a list of names"),
    (LEAST | {"applies-to": "file"}, "must be one of function, class, selection"),
]


@pytest.mark.parametrize(("values", "sentence"), MISTAKES)
def test_a_mistake_is_one_sentence(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse_action("a", values)
    assert sentence in str(raised.value)


@pytest.mark.parametrize("name", ["", "Log", "a b", "list", "x" * 41])
def test_names_are_plain(name: str) -> None:
    with pytest.raises(SettingsError, match="cannot name an action"):
        parse_action(name, LEAST)


@pytest.mark.parametrize("table", [5, [], {"a": 5}, {f"a{n}": LEAST for n in range(51)}])
def test_other_shapes_are_reported(table: object) -> None:
    actions, problems = parse_actions(table)
    assert actions == ()
    assert len(problems) == 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
KEYS = st.sampled_from(["title", "instruction", "kind", "languages", "applies-to", "x"])


@given(st.text(max_size=8) | st.just("b"), VALUES | st.dictionaries(KEYS, VALUES))
def test_any_table_is_read_or_refused(name: str, values: object) -> None:
    with suppress(SettingsError):
        assert parse_action(name, values).name == name
