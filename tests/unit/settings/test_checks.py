"""The user's own programs in the user's file: what is read, and what is refused in one sentence."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.errors import SettingsError
from cloister.settings.checks import CheckSettings, parse_check, parse_checks
from cloister.settings.resolve import resolve_settings
from cloister.settings.settings import Settings
from cloister.settings.user_file import read_user_file

WRITTEN = """\
[checks.python]
command = ["/usr/bin/ruff", "check", "{file}"]
format = ["~/bin/black", "-"]

[checks.go]
format = ["/usr/bin/gofmt"]
"""


def test_what_the_file_says_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    file = tmp_path / "config.toml"
    file.write_text(WRITTEN, encoding="utf-8")
    checks = (
        CheckSettings("python", ("/usr/bin/ruff", "check", "{file}"), ("/home/me/bin/black", "-")),
        CheckSettings("go", format=("/usr/bin/gofmt",)),
    )
    assert read_user_file(file) == (Settings(checks=checks), ())


def test_one_mistake_leaves_the_others(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(WRITTEN.replace("command", "comand"), encoding="utf-8")
    settings, problems = read_user_file(file)
    assert [it.name for it in settings.checks] == ["go"]
    assert problems == (f"{file}: The check 'python' has no key 'comand'; did you mean 'command'?",)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "The check 'python' needs 'command' or 'format'; add one."),
        ({"command": ["ruff"]}, "must be a list of words, first the absolute path of a program."),
        ({"command": []}, "must be a list of words"),
        ({"command": "/usr/bin/ruff check"}, "must be a list of words"),
        ({"format": ["/usr/bin/ruff", "a\nb"]}, "must be a list of words"),
        ({"format": ["/usr/bin/ruff", 1]}, "must be a list of words"),
        ([], "The check 'python' must be a table; write [checks.python]."),
    ],
)
def test_a_mistake_is_one_sentence(values: Any, sentence: str) -> None:
    with pytest.raises(SettingsError) as raised:
        parse_check("python", values)
    assert sentence in str(raised.value)


@pytest.mark.parametrize("table", [None, 1, "ruff", [1]])
def test_the_group_is_a_table(table: Any) -> None:
    assert parse_checks(table) == ((), ("'checks' must be a table; write [checks.LANGUAGE].",))


def test_no_editor_names_a_program() -> None:
    settings, problems = resolve_settings({"checks": {"python": {"command": ["/bin/true"]}}})
    assert settings.checks == ()
    assert len(problems) == 1


@given(st.dictionaries(st.text(max_size=5), st.recursive(st.none() | st.text(), st.lists)))
def test_anything_else_is_a_problem(table: dict[str, Any]) -> None:
    checks, problems = parse_checks(table)
    assert (checks, len(problems)) == ((), len(table))
