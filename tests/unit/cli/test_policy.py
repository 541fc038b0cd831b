"""`cloister policy` as people and hooks use it."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from dulwich.repo import Repo

from cloister.cli import main
from cloister.settings.repository_file import RepositoryFile, parse_repository_file
from support.policies import LOCAL_ONLY, mark, write_user_file

Run = tuple[int, str, str]


@pytest.fixture(autouse=True)
def _user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_user_file(monkeypatch, tmp_path / "home", '[privacy]\nlevel = "ask"\n')
    monkeypatch.setenv("COLUMNS", "200")


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Run:
    """Run `cloister policy`; returns its exit code and what it printed."""
    code = main(["policy", *map(str, arguments)])
    printed = capsys.readouterr()
    return code, printed.out, printed.err


def layers_by(said: dict[str, Sequence[dict[str, str]]], kind: str) -> list[str]:
    return [layer["level"] for layer in said["layers"] if layer["by"] == kind]


def test_check_says_level_rule_layers_and_what_is_possible(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "check", tmp_path / "a.py", "--json")
    said = json.loads(out)
    assert (code, err) == (0, "")
    assert (said["level"], said["denied"]) == ("ask", False)
    assert said["decided_by"]["by"] == "user"
    assert said["endpoints"] == ["engine", "loopback", "lan", "internet"]
    path = mark(tmp_path, LOCAL_ONLY + 'deny = ["*.sql"]\n')
    said = json.loads(run(capsys, "check", tmp_path / "a.py", "--json")[1])
    assert said["decided_by"] == {
        "by": "repository",
        "level": "local-only",
        "rule": "`local-only = true`",
        "path": str(path),
    }
    assert said["endpoints"] == ["engine"]
    assert layers_by(said, "user") == ["ask"]
    said = json.loads(run(capsys, "check", tmp_path / "a.sql", "--json")[1])
    assert (said["denied"], said["endpoints"]) == (True, [])


def test_check_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = mark(tmp_path)
    _, out, _ = run(capsys, "check", tmp_path / "a.py")
    assert out.startswith(f"{tmp_path}/a.py: local-only\nbecause `local-only = true` ({path})\n")
    assert "may be read by: engine\n" in out


def test_check_names_the_backends_that_may_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    backends = """
    [privacy]
    level = "local-only"
    loopback = true
    [backends.here]
    provider = "vllm"
    model = "m"
    url = "http://127.0.0.1:8000"
    [backends.there]
    provider = "openai"
    model = "m"
    """
    write_user_file(monkeypatch, tmp_path / "other", backends)
    said = json.loads(run(capsys, "check", tmp_path / "a.py", "--json")[1])
    assert said["endpoints"] == ["engine", "loopback"]
    assert said["backends"] == {"here": "http://127.0.0.1:8000"}
    assert "  here at http://127.0.0.1:8000\n" in run(capsys, "check", tmp_path / "a.py")[1]


def test_check_prints_nothing_that_steers_a_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mark(tmp_path / "\x1b]52;c;x\x07[red]", LOCAL_ONLY + '"\\u001b[2J" = 1\n')
    _, out, err = run(capsys, "check", tmp_path / "\x1b]52;c;x\x07[red]" / "a.py")
    assert "\x1b" not in out + err
    assert "\\x1b]52;c;x\\x07[red]" in out
    assert "\\x1b[2J" in err


def test_init_writes_a_mark_that_restricts_and_never_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "init", tmp_path)[0] == 0
    written = (tmp_path / ".cloister.toml").read_bytes()
    assert parse_repository_file(written) == RepositoryFile(local_only=True)
    uncommented = written.replace(b'    # "', b'    "')
    assert parse_repository_file(uncommented).deny == ("customers/", "*.sql")
    code, _, err = run(capsys, "init", tmp_path)
    assert (code, err.count("exists already")) == (1, 1)
    assert (tmp_path / ".cloister.toml").read_bytes() == written
    assert run(capsys, "init", tmp_path / "nowhere")[0] == 1


def test_init_follows_no_link(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".cloister.toml").symlink_to(tmp_path / "target")
    assert run(capsys, "init", tmp_path)[0] == 1
    assert not (tmp_path / "target").exists()


def test_verify_fails_until_the_mark_is_in_git(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "repository"
    with Repo.init(str(root), mkdir=True) as repo:
        assert run(capsys, "verify", root)[0] == 1
        run(capsys, "init", root)
        code, out, err = run(capsys, "verify", root)
        assert (code, out) == (1, "")
        assert err == f"{root}: .cloister.toml is not in git; `git add` it.\n"
        repo.get_worktree().stage([".cloister.toml"])
    code, out, err = run(capsys, "verify", root)
    assert (code, err) == (0, "")
    assert out == f"{root} is protected: no text of it leaves the machine.\n"


@pytest.mark.parametrize("arguments", [("verify", "nowhere"), ("leave", "nowhere")])
def test_mistakes_are_one_sentence(
    arguments: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, arguments[0], tmp_path / arguments[1])
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert err.startswith("cloister: ")


def test_leave_names_the_folder_that_is_on_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = mark(tmp_path / "repository")
    run(capsys, "check", path)
    path.unlink()
    said = json.loads(run(capsys, "check", path, "--json")[1])
    assert f"`cloister policy leave {path.parent}`" in said["decided_by"]["rule"]
    assert "itself is not on record" in run(capsys, "leave", path.parent / "below")[2]
    assert run(capsys, "leave", path.parent)[0] == 0
    assert json.loads(run(capsys, "check", path, "--json")[1])["level"] == "ask"
