"""Marks are read when they change, and only then."""

import os
from pathlib import Path

import pytest

from cloister.workspace.protection import marks as module
from cloister.workspace.protection.marks import Marks
from support.policies import LOCAL_ONLY, OPEN, Machine, mark


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the paths of files that were read, in order."""
    paths: list[str] = []
    read = module.read_regular

    def counting(path: str, most_bytes: int) -> tuple[bytes, os.stat_result]:
        paths.append(path)
        return read(path, most_bytes)

    monkeypatch.setattr(module, "read_regular", counting)
    return paths


def test_what_has_not_changed_is_not_read_again(tmp_path: Path, reads: list[str]) -> None:
    marks, path = Marks(), mark(tmp_path, OPEN)
    for _ in range(100):
        assert marks.of_folder(str(tmp_path)) is not None
        assert marks.of_folder(str(tmp_path / "below")) is None
    assert reads == [str(path)]


def test_every_way_to_change_it_is_seen(tmp_path: Path, reads: list[str]) -> None:
    marks, path = Marks(), mark(tmp_path, OPEN)
    times = path.stat()

    def is_restricting() -> bool | None:
        found = marks.of_folder(str(tmp_path))
        return None if found is None else found.said.is_restricting

    assert is_restricting() is False
    path.write_text(LOCAL_ONLY)
    assert is_restricting() is True
    other = tmp_path / "other"
    other.write_text(OPEN.ljust(len(LOCAL_ONLY)))
    os.utime(other, ns=(times.st_atime_ns, times.st_mtime_ns))
    other.replace(path)
    assert is_restricting() is False
    path.unlink()
    assert is_restricting() is None
    path.mkdir()
    assert is_restricting() is True
    path.rmdir()
    path.write_text(LOCAL_ONLY)
    assert is_restricting() is True
    assert len(reads) == 4


def test_mistakes_are_told_once_for_each_version(tmp_path: Path) -> None:
    told: list[str] = []
    marks, path = Marks(told.extend), mark(tmp_path, OPEN + "a = 1\nb = 2\n")
    for _ in range(3):
        marks.of_folder(str(tmp_path))
    assert [problem.partition("The key ")[2][:3] for problem in told] == ["'a'", "'b'"]
    path.write_text(OPEN + "a = 10\n")
    marks.of_folder(str(tmp_path))
    assert len(told) == 3
    assert told[0].startswith(f"{path}: ")


def denying(*globs: str) -> str:
    return f"{OPEN}deny = {list(globs)}\n"


@pytest.mark.parametrize("text", [None, OPEN, denying("*.txt"), "nonsense", ""])
def test_a_pattern_that_was_read_denies_as_long_as_the_process_runs(
    text: str | None, tmp_path: Path
) -> None:
    path = mark(tmp_path / "repository", denying("*.sql", "gen/"))
    machine = Machine(tmp_path)
    policy, denied = machine.policy(), path.parent / "a.sql"
    assert policy.denial(denied) is not None
    path.unlink()
    if text is not None:
        path.write_text(text)
    layer = policy.denial(denied)
    assert layer is not None
    assert layer.rule == "`deny` had '*.sql' when cloister started or since; restart it"
    assert layer.path == path
    assert policy.is_denied(path.parent / "gen" / "a.py")
    assert not policy.is_denied(path.parent / "a.py")
    assert not machine.policy().is_denied(denied)
    path.write_text(denying("*.sql"))
    layer = policy.denial(denied)
    assert layer is not None
    assert layer.rule == "`deny` has '*.sql'"


def test_the_administrators_patterns_are_no_exception(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text(denying("*.sql"))
    policy = Machine(tmp_path).policy()
    assert policy.is_denied(tmp_path / "a.sql")
    (tmp_path / "policy.toml").unlink()
    assert policy.is_denied(tmp_path / "a.sql")
    assert not policy.is_denied(tmp_path / "a.py")


def test_a_file_that_ever_says_something_else_denies_everything(tmp_path: Path) -> None:
    marks = Marks()
    for start in range(0, 2_200, 100):
        path = mark(tmp_path, denying(*(f"/{number}.py" for number in range(start, start + 100))))
        marks.at(str(path))
        assert marks.denial(str(path), "0.py") is not None
    assert marks.denial(str(path), "whatever.py") is not None
