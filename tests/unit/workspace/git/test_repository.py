"""Which repository a folder lies in, and what a repository cannot make us do."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dulwich.objects import Blob, Commit
from dulwich.repo import Repo

from cloister.core.errors import CloisterError
from cloister.workspace.git.history import changed_blobs, commits, files_of
from cloister.workspace.git.repository import (
    head_commit,
    open_repository,
    path_in_workspace,
    read_object,
)
from cloister.workspace.git.staged_diff import staged_entries
from support.repositories import commit, commit_folders_without_end, object_file


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    with Repo.init(tmp_path / "here", mkdir=True) as made:
        commit(made, {"a.py": "one\n", "x/b.py": "two\n"}, time=1_000)
        yield made


def files_at(root: Path) -> list[str] | None:
    """Return the files of HEAD as seen from a folder; None without a repository."""
    with open_repository(root) as repository:
        if repository is None:
            return None
        head = head_commit(repository)
        return sorted(files_of(repository, head.id.decode())) if head else []


def test_the_folder_of_a_repository(repo: Repo) -> None:
    assert files_at(Path(repo.path)) == ["a.py", "x/b.py"]


def test_a_folder_in_a_repository(repo: Repo) -> None:
    assert files_at(Path(repo.path) / "x") == ["b.py"]


def test_a_bare_repository(repo: Repo) -> None:
    assert files_at(Path(repo.path) / ".git") == ["a.py", "x/b.py"]


def test_a_folder_behind_a_link(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(repo.path)
    assert files_at(tmp_path / "link" / "x") == ["b.py"]


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    assert files_at(tmp_path) is None
    assert files_at(tmp_path / "nowhere") is None


def test_a_repository_without_a_commit(tmp_path: Path) -> None:
    Repo.init(tmp_path).close()
    assert files_at(tmp_path) == []


def test_packed_objects_and_references(repo: Repo) -> None:
    repo.object_store.pack_loose_objects()
    repo.refs.pack_refs(all=True)
    assert files_at(Path(repo.path)) == ["a.py", "x/b.py"]


def test_a_worktree(repo: Repo, tmp_path: Path) -> None:
    repo.worktrees.add(str(tmp_path / "other"), branch=b"other")
    assert files_at(tmp_path / "other") == ["a.py", "x/b.py"]


def test_a_submodule(repo: Repo, tmp_path: Path) -> None:
    Repo.init(tmp_path / "outer", mkdir=True).close()
    (tmp_path / "outer" / "inner").mkdir()
    inner = tmp_path / "outer" / ".git" / "modules" / "inner"
    inner.parent.mkdir()
    (Path(repo.path) / ".git").rename(inner)
    (tmp_path / "outer" / "inner" / ".git").write_text("gitdir: ../.git/modules/inner\n")
    with (inner / "config").open("a") as config:
        config.write("[core]\n\tworktree = ../../../inner\n")
    assert files_at(tmp_path / "outer" / "inner") == ["a.py", "x/b.py"]


def names_another(repo: Repo, root: Path) -> None:
    (root / ".git").write_text(f"gitdir: {repo.path}/.git\n")


def links_to_another(repo: Repo, root: Path) -> None:
    (root / ".git").symlink_to(f"{repo.path}/.git")


def names_common_folder_of_another(repo: Repo, root: Path) -> None:
    Repo.init(root).close()
    (root / ".git" / "commondir").write_text(f"{repo.path}/.git\n")
    (root / ".git" / "refs" / "heads" / "master").write_text(f"{repo.head().decode()}\n")


def borrows_objects_of_another(repo: Repo, root: Path) -> None:
    with Repo.init(root) as made:
        made.object_store.add_alternate_path(f"{repo.path}/.git/objects")
    (root / ".git" / "refs" / "heads" / "master").write_text(f"{repo.head().decode()}\n")


def links_to_objects_of_another(repo: Repo, root: Path) -> None:
    borrows_objects_of_another(repo, root)
    for path in sorted((root / ".git" / "objects").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (root / ".git" / "objects").rmdir()
    (root / ".git" / "objects").symlink_to(f"{repo.path}/.git/objects")


def names_worktree_of_another(repo: Repo, root: Path) -> None:
    repo.worktrees.add(f"{repo.path}-worktree", branch=b"other")
    worktree = Path(repo.controldir()) / "worktrees"
    (root / ".git").write_text(f"gitdir: {next(worktree.iterdir())}\n")


@pytest.mark.parametrize(
    "attack",
    [
        names_another,
        links_to_another,
        names_common_folder_of_another,
        borrows_objects_of_another,
        links_to_objects_of_another,
        names_worktree_of_another,
    ],
)
def test_nobody_else_decides_that_a_repository_belongs_here(
    repo: Repo, tmp_path: Path, attack: Callable[[Repo, Path], None]
) -> None:
    root = tmp_path / "attacker"
    root.mkdir()
    attack(repo, root)
    assert not files_at(root)


@pytest.mark.parametrize(
    "setting",
    [
        "[core]\n\trepositoryformatversion = 2\n",
        "[extensions]\n\tobjectformat = sha256\n",
        "[extensions]\n\trefstorage = reftable\n",
    ],
)
def test_formats_that_we_do_not_read(repo: Repo, setting: str) -> None:
    with (Path(repo.controldir()) / "config").open("a") as config:
        config.write(setting)
    assert files_at(Path(repo.path)) is None


@pytest.mark.parametrize(
    "config", ["", "\0\xff", "[include]\n\tpath = /dev/zero\n", "[core\n", "key = value\n"]
)
def test_a_configuration_decides_nothing_else(repo: Repo, config: str) -> None:
    (Path(repo.controldir()) / "config").write_text(config)
    assert files_at(Path(repo.path)) == ["a.py", "x/b.py"]


def test_damaged_files_of_a_repository(repo: Repo) -> None:
    git = Path(repo.controldir())
    for damage in (
        "ref: refs/heads/../../../config\n",
        "ref: refs/heads/none\n",
        "nonsense",
        "",
        "a" * 40,
    ):
        (git / "HEAD").write_text(damage)
        assert files_at(Path(repo.path)) == []
    (git / "HEAD").unlink()
    os.mkfifo(git / "HEAD")
    assert files_at(Path(repo.path)) == []


def test_damaged_objects_count_as_missing(repo: Repo) -> None:
    with open_repository(Path(repo.path)) as repository:
        assert repository is not None
        head = head_commit(repository)
        assert head is not None
        assert read_object(repository, head.id, Blob) is None
        blob = files_of(repository, head.id.decode())["a.py"]
    for name in (blob, repo[repo.head()].tree.decode(), repo.head().decode()):
        damaged = object_file(repo, name)
        damaged.chmod(0o600)
        damaged.write_bytes(b"x\x9c damaged")
        with open_repository(Path(repo.path)) as repository:
            assert repository is not None
            assert read_object(repository, name.encode(), Commit) is None
    assert files_at(Path(repo.path)) == []
    with open_repository(Path(repo.path)) as repository:
        assert repository is not None
        assert list(commits(repository, since=0, most=10)) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (b"x/a.py", "a.py"),
        (b"a.py", None),
        (b"xx/a.py", None),
        (b"x/../a.py", None),
        (b"x//a.py", None),
        (b"x/.git/config", None),
        (b"x/\xff.py", None),
        (b"x/a\0.py", None),
    ],
)
def test_paths_of_a_tree_stay_in_the_workspace(
    repo: Repo, path: bytes, expected: str | None
) -> None:
    with open_repository(Path(repo.path) / "x") as repository:
        assert repository is not None
        assert path_in_workspace(repository, path) == expected


def test_git_is_read_without_sockets_and_programs() -> None:
    code = (
        "import sys, cloister.workspace.git.changes, cloister.workspace.git.co_changes\n"
        "print(sorted({'socket', 'ssl', 'subprocess', 'urllib3'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert said.stdout == "[]\n"


def test_folders_without_end_are_walked_to_an_end(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_folders_without_end(repo)
    monkeypatch.setattr("cloister.workspace.git.repository._MOST_OBJECTS", 1_000)
    root = Path(repo.path)
    assert files_at(root) == []
    with open_repository(root) as found:
        assert found is not None
        (newest, *_) = commits(found, since=0, most=1)
        assert changed_blobs(found, newest.parent, newest.id, most=100) == []
        with pytest.raises(CloisterError, match="last commit cannot be read"):
            staged_entries(found)


def test_folders_without_end_cost_no_more_than_some_time(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit_folders_without_end(repo)
    monkeypatch.setattr("cloister.workspace.git.staged_diff._MOST_SECONDS", 0.1)
    with open_repository(Path(repo.path)) as found:
        assert found is not None
        with pytest.raises(CloisterError, match="too large to be compared"):
            staged_entries(found)
