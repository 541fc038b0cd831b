"""Commits and what they changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from dulwich.objects import Blob, Tree
from dulwich.repo import Repo

from cloister.workspace.git.history import (
    ChangedBlob,
    ChangedFile,
    CommitSummary,
    blob_bytes,
    blob_text,
    changed_blobs,
    changed_files,
    commits,
    file_of,
    files_of,
)
from cloister.workspace.git.repository import open_repository
from support.repositories import AUTHOR, commit, object_file


@pytest.fixture
def repo(tmp_path: Path) -> Iterator[Repo]:
    with Repo.init(tmp_path) as made:
        yield made


def summaries(root: Path, since: int = 0, most: int = 100) -> list[CommitSummary]:
    with open_repository(root) as repository:
        assert repository is not None
        return list(commits(repository, since, most))


def changes(root: Path) -> list[ChangedFile]:
    """Return what the newest commit changed."""
    with open_repository(root) as repository:
        assert repository is not None
        return changed_files(repository, next(commits(repository, 0, 1)), most=100)


def test_the_newest_commits_come_first(repo: Repo, tmp_path: Path) -> None:
    names = [commit(repo, {"a.py": str(time)}, time) for time in (10, 20, 30, 40)]
    first, second, third, fourth = names
    newest = [
        CommitSummary(fourth, third, 40),
        CommitSummary(third, second, 30),
        CommitSummary(second, first, 20),
    ]
    assert summaries(tmp_path) == newest
    assert summaries(tmp_path, most=2) == newest[:2]
    assert summaries(tmp_path, since=30) == newest[:2]


def test_merges_are_walked_through_but_not_among_them(repo: Repo, tmp_path: Path) -> None:
    base = commit(repo, {"a.py": "1"}, 10)
    left = commit(repo, {"a.py": "2"}, 20)
    repo.refs[b"refs/heads/side"] = base.encode()
    side = repo.get_worktree().commit(
        message=b"side",
        committer=AUTHOR,
        author=AUTHOR,
        commit_timestamp=30,
        commit_timezone=0,
        tree=repo[base.encode()].tree,
        ref=b"refs/heads/side",
        sign=False,
    )
    repo.get_worktree().commit(
        message=b"merge",
        committer=AUTHOR,
        author=AUTHOR,
        commit_timestamp=40,
        commit_timezone=0,
        merge_heads=[side],
        sign=False,
    )
    found = summaries(tmp_path)
    assert [each.id for each in found] == [side.decode(), left]


def test_a_shallow_clone_ends_where_a_parent_is_missing(repo: Repo, tmp_path: Path) -> None:
    first = commit(repo, {"a.py": "1"}, 10)
    second = commit(repo, {"a.py": "2"}, 20)
    third = commit(repo, {"a.py": "3"}, 30)
    object_file(repo, first).unlink()
    assert summaries(tmp_path) == [CommitSummary(third, second, 30)]


def test_changes_with_both_texts(repo: Repo, tmp_path: Path) -> None:
    commit(repo, {"a.py": "1\n", "b.py": "1\n", "x/c.py": "1\n"}, 10)
    commit(repo, {"a.py": "2\n", "b.py": None, "new.py": "new\n"}, 20)
    assert changes(tmp_path) == [
        ChangedFile("a.py", "1\n", "2\n"),
        ChangedFile("b.py", "1\n", None),
        ChangedFile("new.py", None, "new\n"),
    ]


def test_a_file_that_only_moved_has_no_new_lines(repo: Repo, tmp_path: Path) -> None:
    commit(repo, {"a.py": "long\n"}, 10)
    commit(repo, {"a.py": None, "x/b.py": "long\n"}, 20)
    assert changes(tmp_path) == [
        ChangedFile("a.py", "long\n", None),
        ChangedFile("x/b.py", "long\n", "long\n"),
    ]


def test_changes_below_the_workspace(repo: Repo, tmp_path: Path) -> None:
    commit(repo, {"a.py": "1", "x/a.py": "1", "xy/a.py": "1"}, 10)
    commit(repo, {"a.py": "2", "x/a.py": "2", "xy/a.py": "2"}, 20)
    assert changes(tmp_path / "x") == [ChangedFile("a.py", "1", "2")]


def test_texts_that_would_not_be_indexed(repo: Repo, tmp_path: Path) -> None:
    commit(repo, {"a.py": "1"}, 10)
    commit(repo, {"a.py": "\0", "b.min.js": "x", "c.py": "x" * 6_000}, 20)
    assert [(each.path, each.new_text) for each in changes(tmp_path)] == [
        ("a.py", None),
        ("b.min.js", None),
        ("c.py", None),
    ]


def test_changes_are_bounded(repo: Repo, tmp_path: Path) -> None:
    first = commit(repo, {"a.py": "1"}, 10)
    second = commit(repo, {f"{number}.py": "x" for number in range(9)}, 20)
    with open_repository(tmp_path) as repository:
        assert repository is not None
        assert len(changed_blobs(repository, first, second, most=5)) == 5


def test_files_of_a_commit(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "link.py").symlink_to("a.py")
    name = commit(repo, {"a.py": "1", "x/y/b.py": "2"}, 10)
    repo.get_worktree().stage(["link.py"])
    name = commit(repo, {"a.py": "3"}, 20)
    with open_repository(tmp_path) as repository:
        assert repository is not None
        files = files_of(repository, name)
        assert sorted(files) == ["a.py", "x/y/b.py"]
        assert blob_text(repository, files["a.py"], "a.py") == "3"
        assert file_of(repository, name, "x/y/b.py") == files["x/y/b.py"]
        assert file_of(repository, name, "x/none.py") is None
        assert file_of(repository, "0" * 40, "a.py") is None
        assert files_of(repository, "0" * 40) == {}
        assert changed_blobs(repository, "0" * 40, name, 10) == []


def test_a_large_blob_is_not_given(repo: Repo, tmp_path: Path) -> None:
    files = files_in(tmp_path, commit(repo, {"a.py": "123"}, 10))
    with open_repository(tmp_path) as repository:
        assert repository is not None
        assert blob_bytes(repository, files["a.py"]) == b"123"
        assert blob_bytes(repository, files["a.py"], max_bytes=2) is None
        assert blob_bytes(repository, "0" * 40) is None
        assert blob_bytes(repository, "no name") is None


def files_in(root: Path, name: str) -> dict[str, str]:
    with open_repository(root) as repository:
        assert repository is not None
        return files_of(repository, name)


def test_trees_whose_names_lead_out(repo: Repo, tmp_path: Path) -> None:
    base = commit(repo, {"a.py": "1"}, 10)
    blob = Blob.from_string(b"2")
    inner, tree = Tree(), Tree()
    inner.add(b"evil.py", 0o100644, blob.id)
    tree.add(b"..", 0o040000, inner.id)
    tree.add(b"b.py", 0o100644, blob.id)
    for each in (blob, inner, tree):
        repo.object_store.add_object(each)
    name = (
        repo.get_worktree()
        .commit(
            message=b"evil",
            committer=AUTHOR,
            author=AUTHOR,
            commit_timestamp=20,
            commit_timezone=0,
            tree=tree.id,
            sign=False,
        )
        .decode()
    )
    with open_repository(tmp_path) as repository:
        assert repository is not None
        assert list(files_of(repository, name)) == ["b.py"]
        found = changed_blobs(repository, base, name, 10)
        assert found[-1] == ChangedBlob("b.py", None, blob.id.decode())
        assert [each.path for each in found] == ["a.py", "b.py"]
