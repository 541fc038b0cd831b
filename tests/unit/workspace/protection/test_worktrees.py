"""Other working trees of a repository that was local-only once."""

from pathlib import Path

import pytest

from cloister.core.errors import CloisterError
from cloister.core.privacy import LayerKind, Level
from cloister.workspace.protection.leaving import leave
from cloister.workspace.protection.worktrees import shared_git_folder
from support.policies import Machine, mark


@pytest.fixture
def main_tree(tmp_path: Path) -> Path:
    """Return a repository with another working tree `other`, as git lays them out."""
    own = tmp_path / "main" / ".git" / "worktrees" / "other"
    own.mkdir(parents=True)
    (own / "commondir").write_text("../..\n")
    (own / "gitdir").write_text(f"{tmp_path}/other/.git\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / ".git").write_text(f"gitdir: {own}\n")
    return tmp_path / "main"


def test_all_of_them_share_one_folder(main_tree: Path) -> None:
    shared = str(main_tree / ".git")
    for top in (main_tree, main_tree.with_name("other")):
        assert shared_git_folder(str(top)) == shared
    assert shared_git_folder(str(main_tree.parent)) is None
    assert shared_git_folder(f"{main_tree}/.git") is None


@pytest.mark.parametrize(("marked", "asked"), [("main", "other"), ("other", "main")])
def test_one_that_was_local_only_closes_the_others(
    main_tree: Path, marked: str, asked: str
) -> None:
    root = main_tree.parent
    machine = Machine(root)
    assert machine.level(root / asked / "a.py") is Level.ALLOW
    path = mark(root / marked)
    policy = machine.policy()
    assert policy.for_file(path).level is Level.LOCAL_ONLY
    # In this process and in the next, with the mark and without it.
    assert policy.for_file(root / asked / "a.py").level is Level.LOCAL_ONLY
    path.unlink()
    assert machine.level(root / asked / "a.py") is Level.LOCAL_ONLY
    decided = machine.policy().for_file(root / asked / "a.py").decided_by
    assert (decided.kind, decided.path) == (LayerKind.RECORD, main_tree / ".git")


def test_leaving_one_leaves_the_repository(main_tree: Path) -> None:
    root = main_tree.parent
    machine, path, record = Machine(root), mark(main_tree), root / "state" / "local-only"
    machine.level(path)
    path.unlink()
    audited: list[Path] = []
    leave(main_tree, record, audited.append)
    assert machine.level(main_tree / "a.py") is Level.ALLOW
    assert machine.level(root / "other" / "a.py") is Level.ALLOW
    assert audited == [main_tree]
    with pytest.raises(CloisterError, match="is not on record"):
        leave(main_tree, record, audited.append)


@pytest.mark.parametrize(
    "text", ["", "gitdir:", "gitdir: /nowhere", "gitdir: a\0b", "x" * 100_000, "gitdir: .git\n"]
)
def test_a_file_that_leads_nowhere_changes_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / ".git").write_text(text)
    machine = Machine(tmp_path / "home")
    assert machine.level(tmp_path / "a.py") is Level.ALLOW
    path = mark(tmp_path)
    assert machine.level(path) is Level.LOCAL_ONLY
    path.unlink()
    assert machine.level(tmp_path / "a.py") is Level.LOCAL_ONLY


def test_a_submodule_is_a_repository_of_its_own(tmp_path: Path) -> None:
    (tmp_path / ".git" / "modules" / "sub").mkdir(parents=True)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / ".git").write_text("gitdir: ../.git/modules/sub\n")
    machine, path = Machine(tmp_path / "home"), mark(tmp_path / "sub")
    assert machine.level(path) is Level.LOCAL_ONLY
    assert machine.level(tmp_path / "a.py") is Level.ALLOW


@pytest.mark.parametrize("how", ["a file", "a link", "a file that names a folder of its own"])
def test_a_repository_closes_nobody_elses(main_tree: Path, how: str) -> None:
    victim, hostile = main_tree, main_tree.parent / "hostile"
    hostile.mkdir()
    dot_git = hostile / ".git"
    match how:
        case "a file":
            dot_git.write_text(f"gitdir: {victim}/.git/worktrees/other\n")
        case "a link":
            dot_git.symlink_to(victim / ".git")
        case _:
            own = hostile / "worktrees" / "mine"
            own.mkdir(parents=True)
            (own / "commondir").write_text(f"{victim}/.git\n")
            (own / "gitdir").write_text(f"{dot_git}\n")
            dot_git.write_text(f"gitdir: {own}\n")
    machine, path = Machine(main_tree.parent), mark(hostile)
    policy = machine.policy()
    assert policy.for_file(path).level is Level.LOCAL_ONLY
    for other in (victim, victim.with_name("other")):
        assert policy.for_file(other / "a.py").level is Level.ALLOW
