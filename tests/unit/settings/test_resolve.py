import re
from operator import attrgetter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.settings.options import OPTIONS
from cloister.settings.resolve import resolve_settings
from cloister.settings.settings import Settings

EDITORS = Path(__file__).parents[3] / "editors"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


def test_no_options_are_the_defaults() -> None:
    assert resolve_settings(None) == (Settings(), ())
    assert resolve_settings({}) == (Settings(), ())
    assert resolve_settings({"model": "", "logLevel": None, "engine": None}) == (Settings(), ())


def test_nested_and_dotted_names_are_the_same() -> None:
    nested, _ = resolve_settings({"completion": {"maxTokens": 12}})
    dotted, _ = resolve_settings({"completion.maxTokens": 12})
    assert nested == dotted
    assert nested.completion.max_tokens == 12


def test_an_unknown_option_is_reported_with_the_nearest_name() -> None:
    settings, problems = resolve_settings({"completion": {"maxToken": 3}, "enabled": False})
    assert settings.enabled is False
    assert problems == (
        "There is no option 'completion.maxToken'; did you mean 'completion.maxTokens'?",
    )


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"enabled": "yes"}, "enabled"),
        ({"enabled": 1}, "enabled"),
        ({"completion": {"maxTokens": True}}, "completion.maxTokens"),
        ({"completion": {"maxTokens": 0}}, "completion.maxTokens"),
        ({"completion": {"minConfidence": 1.5}}, "completion.minConfidence"),
        ({"completion": {"minConfidence": float("nan")}}, "completion.minConfidence"),
        ({"logLevel": "loud"}, "logLevel"),
        ({"completion": 5}, "'completion' must be an object"),
    ],
)
def test_a_bad_value_keeps_the_default_and_is_named(options: object, named: str) -> None:
    settings, problems = resolve_settings(options)
    assert settings == Settings()
    assert len(problems) == 1
    assert named in problems[0]


def test_editor_keys_that_are_not_options_are_passed_over() -> None:
    assert resolve_settings({"path": "/x", "trace": {"server": "off"}}) == (Settings(), ())


@pytest.mark.parametrize("file", ["nvim/lsp/cloister.lua", "vscode/src/server.ts"])
def test_what_editors_agree_on_at_their_start_is_passed_over(file: str) -> None:
    text = (EDITORS / file).read_text(encoding="utf-8")
    agreed = re.findall(r"\b([a-z]+(?:Notifications|Requests))(?::| =)", text)
    assert agreed
    assert resolve_settings(dict.fromkeys(agreed, True)) == (Settings(), ())


def test_what_only_tightens_is_on_when_anybody_turns_it_on() -> None:
    required, _ = resolve_settings({"requireIsolation": True})
    assert required.require_isolation is True
    assert resolve_settings({"requireIsolation": False}, required) == (required, ())
    assert resolve_settings({}, required) == (required, ())


@given(JSON)
def test_any_json_gives_settings(options: object) -> None:
    settings, problems = resolve_settings(options)
    assert isinstance(settings, Settings)
    assert all(problem.endswith((".", "?")) for problem in problems)


def test_every_option_reaches_a_field() -> None:
    samples = {int: 77, float: 0.25, str: "x"}
    for option in OPTIONS:
        default = attrgetter(option.field)(Settings())
        value = option.choices[0] if option.choices else samples.get(option.type, not default)
        settings, problems = resolve_settings({option.name: value})
        assert problems == ()
        assert settings != Settings(), option.name
