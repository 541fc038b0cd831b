"""Whether a repository is protected for everybody who clones it."""

from pathlib import Path

import pytest
from dulwich.repo import Repo

from cloister.workspace.protection.verify import weaknesses
from support.policies import LOCAL_ONLY, OPEN, mark
from support.repositories import commit

DENYING = LOCAL_ONLY + 'deny = ["customers/", "*.sql"]\n'


def staged(root: Path, *paths: str) -> None:
    with Repo(str(root)) as repo:
        repo.get_worktree().stage(list(paths))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository that is protected."""
    with Repo.init(str(tmp_path / "repository"), mkdir=True) as repo:
        commit(repo, {".cloister.toml": DENYING, "a.py": "one = 1\n"}, 1)
    return tmp_path / "repository"


def test_a_protected_repository_has_no_weakness(root: Path) -> None:
    assert weaknesses(root) == ()


def test_a_mark_that_is_staged_counts(tmp_path: Path) -> None:
    Repo.init(str(tmp_path)).close()
    mark(tmp_path)
    (weakness,) = weaknesses(tmp_path)
    assert weakness == ".cloister.toml is not in git; `git add` it."
    staged(tmp_path, ".cloister.toml")
    assert weaknesses(tmp_path) == ()


def test_a_missing_mark_is_one_although_git_has_it(root: Path) -> None:
    (root / ".cloister.toml").unlink()
    assert weaknesses(root) == ("There is no .cloister.toml; `cloister policy init` writes one.",)


def test_an_ignored_mark_is_not_in_git(tmp_path: Path) -> None:
    with Repo.init(str(tmp_path)) as repo:
        commit(repo, {".gitignore": ".*.toml\n"}, 1)
    mark(tmp_path)
    (weakness,) = weaknesses(tmp_path)
    assert weakness.endswith("`git add` it -f, because git ignores it.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (OPEN, "does not say `local-only = true`"),
        ("version = 1\nlocal-only = false\n", "does not say `local-only = true`"),
        ("local-only = true\n", "it has no `version = 1`"),
        ("<<<<<<< HEAD\n" + LOCAL_ONLY, "it is not TOML"),
        (LOCAL_ONLY + "base_url = 1\n", "'base_url' has no effect"),
        (LOCAL_ONLY, "no longer denies 'customers/'"),
        (LOCAL_ONLY + 'deny = ["*.sql"]\n', "no longer denies 'customers/'"),
    ],
)
def test_a_weaker_mark_is_found_before_it_is_committed(text: str, said: str, root: Path) -> None:
    mark(root, text)
    staged(root, ".cloister.toml")
    assert any(said in weakness for weakness in weaknesses(root))


def test_the_index_of_a_partial_commit_counts(root: Path) -> None:
    """`git commit -a` and `git commit FILE` use an index of their own while hooks run."""
    usual, other = root / ".git" / "index", root / ".git" / "next-index-1.lock"
    kept = usual.read_bytes()
    mark(root, OPEN)
    staged(root, ".cloister.toml")
    usual.rename(other)
    usual.write_bytes(kept)
    mark(root, DENYING)
    assert weaknesses(root) == ()
    assert any("does not say" in weakness for weakness in weaknesses(root, other))


def test_without_git_the_disk_is_what_counts(tmp_path: Path) -> None:
    mark(tmp_path)
    assert weaknesses(tmp_path) == ()


def test_git_that_cannot_be_read_is_a_weakness(tmp_path: Path) -> None:
    mark(tmp_path)
    (tmp_path / ".git").write_text("gitdir: /nowhere\n")
    (weakness,) = weaknesses(tmp_path)
    assert "cannot be read" in weakness
