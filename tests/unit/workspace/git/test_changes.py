"""What differs from the last commit."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from dulwich.repo import Repo

from cloister.workspace.git.changes import changed_paths, head_text
from cloister.workspace.git.repository import open_repository
from support.repositories import commit

FILES = {"a.py": "1\n", "b.py": "1\n", "x/c.py": "1\n"}


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    with Repo.init(tmp_path) as made:
        commit(made, dict(FILES), 10)
        yield made


def changed(root: Path, most: int = 100) -> list[str]:
    with open_repository(root) as repository:
        assert repository is not None
        return changed_paths(repository, most)


def test_nothing_has_changed(repo: Repo) -> None:
    assert changed(Path(repo.path)) == []


@pytest.mark.usefixtures("repo")
def test_edited_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("22\n")
    (tmp_path / "x" / "c.py").write_text("22\n")
    (tmp_path / "unknown.py").write_text("1\n")
    assert changed(tmp_path) == ["a.py", "x/c.py"]
    assert changed(tmp_path, most=1) == ["a.py"]
    assert changed(tmp_path / "x") == ["c.py"]


@pytest.mark.usefixtures("repo")
def test_files_that_were_only_touched(tmp_path: Path) -> None:
    os.utime(tmp_path / "a.py", ns=(1, 1))
    assert changed(tmp_path) == []


@pytest.mark.usefixtures("repo")
def test_an_edit_that_keeps_size_and_time(tmp_path: Path) -> None:
    before = (tmp_path / "a.py").stat()
    (tmp_path / "a.py").write_text("2\n")
    os.utime(tmp_path / "a.py", ns=(before.st_atime_ns, before.st_mtime_ns))
    # The index was written at the time of the file or before it, so that times prove nothing.
    os.utime(tmp_path / ".git" / "index", ns=(before.st_mtime_ns, before.st_mtime_ns))
    assert changed(tmp_path) == ["a.py"]


def test_staged_files(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text("1\n")
    (tmp_path / "b.py").write_text("2\n")
    repo.get_worktree().stage(["new.py", "b.py"])
    assert changed(tmp_path) == ["b.py", "new.py"]


@pytest.mark.usefixtures("repo")
def test_files_that_are_gone_or_no_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").unlink()
    (tmp_path / "b.py").unlink()
    os.mkfifo(tmp_path / "b.py")
    assert changed(tmp_path) == []


@pytest.mark.usefixtures("repo")
def test_a_damaged_index(tmp_path: Path) -> None:
    index = tmp_path / ".git" / "index"
    for damage in (b"", b"DIRC", index.read_bytes()[:80], b"\xff" * 200):
        index.write_bytes(damage)
        assert changed(tmp_path) == []
    index.unlink()
    assert changed(tmp_path) == []
    os.mkfifo(index)
    assert changed(tmp_path) == []


def test_the_text_of_the_last_commit(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("2\n")
    with open_repository(tmp_path) as repository:
        assert repository is not None
        assert head_text(repository, "a.py") == "1\n"
        assert head_text(repository, "none.py") is None
        commit(repo, {"a.py": "3\n"}, 20)
        assert head_text(repository, "a.py") == "3\n"
    with open_repository(tmp_path / "x") as repository:
        assert repository is not None
        assert head_text(repository, "c.py") == "1\n"
