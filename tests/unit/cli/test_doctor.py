"""`cloister doctor` for a person for whom nothing appears."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloister.core.invisible import has_invisible
from support.lsp_client import environment
from support.whole_run import private_user

pytestmark = pytest.mark.model


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with private_user(monkeypatch) as folder:
        yield folder


def doctor(folder: Path, *arguments: str) -> tuple[int, str]:
    result = subprocess.run(
        [sys.executable, "-m", "cloister", "doctor", *arguments],
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == ""
    return result.returncode, result.stdout


def examined(folder: Path) -> tuple[int, dict[str, tuple[str, str]]]:
    """Return the exit code, and state and text of each check."""
    code, told = doctor(folder, "--json")
    return code, {check["name"]: (check["state"], check["text"]) for check in json.loads(told)}


def write_settings(home: Path, text: str) -> None:
    path = home / "config" / "cloister" / "config.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def test_where_everything_works_nothing_is_a_problem(home: Path) -> None:
    project = home / "project"
    project.mkdir()
    (project / ".cloister.toml").write_text("version = 1\nlocal-only = true\n")
    code, checks = examined(project)
    assert code == 0
    assert {state for state, _ in checks.values()} <= {"ok", "note"}
    assert checks["completion"][1].startswith("shown after ")
    assert checks["engine"][1].startswith("runs with cloister-starter-v0")
    assert checks["index"][0] == "note"
    level, _, rule = checks["policy"][1].partition(" in ")
    assert level == "local-only"
    assert str(project) in rule
    assert checks["problems"] == ("ok", "none on record")
    assert str(home / "state") in checks["logs"][1]


BROKEN = {
    "settings": ("not = [valid", "is not TOML"),
    "model": ('model = "gpt-9"', "There is no model named 'gpt-9'"),
    "completion": ("enabled = false", "switched off"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_keeps_completions_away_is_named(name: str, home: Path) -> None:
    settings, text = BROKEN[name]
    write_settings(home, settings)
    code, checks = examined(home)
    assert code == 1
    state, said = checks[name]
    assert state == "problem"
    assert text in said


def test_people_get_a_line_for_each_part_and_no_escapes(home: Path) -> None:
    folder = home / "a\x1b[2J[bold]"
    folder.mkdir()
    code, told = doctor(folder)
    assert code == 0
    assert "a\\x1b[2J[bold]" in told
    assert not has_invisible(told)
    names = [line.split()[0] for line in told.splitlines()]
    assert names[:3] == ["cloister", "settings", "model"]


def test_warnings_of_the_engine_are_shown(home: Path) -> None:
    log = home / "state" / "cloister" / "engine.log"
    log.parent.mkdir()
    log.write_text("".join(f"2026 1 WARNING cloister.engine number {n}\n" for n in range(9)))
    _, checks = examined(home)
    state, text = checks["problems"]
    assert state == "note"
    assert "number 8" in text
    assert "number 3" not in text
