"""What would be committed now, in repositories that the git program made: the same as it says."""

import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cloister.core.errors import CloisterError
from cloister.workspace.git.repository import open_repository, working_tree_of
from cloister.workspace.git.staged_diff import StagedFile, staged_entries, staged_files
from support.git import git, repository, write
from support.lsp_client import ROOT

FILES = {"a.py": "one\ntwo\n", "x/b.py": "b\n", "x/y/c.py": "c\n", "d.py": "d\n"}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return repository(tmp_path / "here", FILES)


def edit(here: Path) -> None:
    write(here, {"a.py": "one\n2\n", "x/new.py": "new\n"})
    git(here, "rm", "--quiet", "d.py")
    git(here, "add", "--all")


def unstaged(here: Path) -> None:
    edit(here)
    write(here, {"a.py": "not staged\n", "other.py": "untracked\n"})


def packed(here: Path) -> None:
    for number in range(5):
        write(here, {"a.py": "".join(f"line {i}\n" for i in range(200 + number))})
        git(here, "commit", "--quiet", "--all", "--message=again")
    git(here, "gc", "--quiet", "--aggressive")
    edit(here)


def intended(here: Path) -> None:
    write(here, {"later.py": "x\n"})
    git(here, "add", "--intent-to-add", "later.py")


def another_index(here: Path) -> None:
    edit(here)
    git(here, "update-index", "--index-version=4")


def a_mode(here: Path) -> None:
    git(here, "update-index", "--chmod=+x", "a.py")


def a_link(here: Path) -> None:
    (here / "link").symlink_to("a.py")
    git(here, "add", "--all")


def a_submodule(here: Path) -> None:
    commit = git(here, "rev-parse", "HEAD").strip()
    git(here, "update-index", "--add", "--cacheinfo", f"160000,{commit},sub")


def nothing(_here: Path) -> None:
    pass


STATES = (
    edit,
    unstaged,
    packed,
    intended,
    another_index,
    a_mode,
    a_link,
    a_submodule,
    nothing,
)


@pytest.mark.parametrize("state", STATES)
def test_what_git_would_commit(here: Path, state: Callable[[Path], None]) -> None:
    state(here)
    assert names(here) == as_git_says(here)
    assert texts(here) == {
        path: (shown(here, f"HEAD:{path}"), shown(here, f":{path}"))
        for path in as_git_says(here)
        if path in texts(here)
    }


@pytest.mark.parametrize(
    ("state", "hidden"),
    [
        (a_mode, {"a.py": "only its mode"}),
        (a_link, {"link": "a symbolic link"}),
        (a_submodule, {"sub": "a submodule"}),
        (edit, {}),
    ],
)
def test_what_has_no_text_is_named(
    here: Path, state: Callable[[Path], None], hidden: dict[str, str]
) -> None:
    state(here)
    assert {it.entry.path: it.hidden for it in staged(here) if it.hidden} == hidden


@pytest.mark.parametrize(
    "data",
    [b"\0\1\2", b"x" * (1024 * 1024 + 1), "grün".encode("latin-1"), b"// @generated\nx\n"],
    ids=["binary", "large", "no UTF-8", "generated"],
)
def test_what_is_not_worth_reading_is_named(here: Path, data: bytes) -> None:
    (here / "a.py").write_bytes(data)
    git(here, "add", "--all")
    (file,) = staged(here)
    assert (file.hidden, file.old_text, file.new_text) == ("binary, generated or large", "", "")


def test_before_the_first_commit(tmp_path: Path) -> None:
    here = repository(tmp_path / "new")
    assert names(here) == []
    write(here, FILES)
    git(here, "add", "--all")
    assert names(here) == sorted(FILES)
    assert all(it.entry.old is None for it in staged(here))


def test_in_a_worktree_its_own_index_counts(here: Path, tmp_path: Path) -> None:
    git(here, "worktree", "add", "--quiet", str(tmp_path / "there"))
    edit(tmp_path / "there")
    assert names(here) == []
    assert names(tmp_path / "there") == ["a.py", "d.py", "x/new.py"]


def test_line_ends_are_kept(tmp_path: Path) -> None:
    here = repository(tmp_path / "here", {"a.py": "one\r\ntwo\r\n"})
    write(here, {"a.py": "one\r\n2\r\n"})
    git(here, "add", "--all")
    assert texts(here) == {"a.py": ("one\r\ntwo\r\n", "one\r\n2\r\n")}


def test_while_there_are_conflicts_nothing_is_said(here: Path) -> None:
    git(here, "checkout", "--quiet", "-b", "other")
    for branch in ("other", "main"):
        git(here, "checkout", "--quiet", branch)
        write(here, {"a.py": f"{branch}\n"})
        git(here, "commit", "--quiet", "--all", f"--message={branch}")
    with pytest.raises(Exception, match="merge"):
        git(here, "merge", "other")
    with pytest.raises(CloisterError, match="conflicts"):
        names(here)


def split(here: Path) -> None:
    git(here, "update-index", "--split-index")


def sparse(here: Path) -> None:
    git(here, "sparse-checkout", "set", "--cone", "--sparse-index", "x")


@pytest.mark.parametrize("state", [split, sparse])
def test_an_index_that_is_not_whole_is_refused(here: Path, state: Callable[[Path], None]) -> None:
    state(here)
    with pytest.raises(CloisterError, match="index cannot be read"):
        names(here)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("--all",), ["a.py", "x/b.py"]),
        (("a.py",), ["a.py"]),
        (("--include", "x/b.py"), ["x/b.py", "x/new.py"]),
        ((), ["x/new.py"]),
    ],
)
def test_while_git_waits_for_a_message_its_own_index_counts(
    here: Path, tmp_path: Path, words: tuple[str, ...], wanted: list[str]
) -> None:
    write(here, {"a.py": "1\n", "x/b.py": "1\n"})
    if "--all" not in words:
        write(here, {"x/new.py": "new\n"})
        git(here, "add", "x/new.py")
    told = tmp_path / "told"
    script = tmp_path / "editor.py"
    script.write_text(EDITOR.format(server=str(ROOT / "server"), told=str(told)))
    with pytest.raises(Exception, match="commit"):
        git(here, "commit", *words, editor=f"{sys.executable} {script}")
    assert told.read_text().split() == wanted


EDITOR = """
import sys
from pathlib import Path
sys.path.insert(0, {server!r})
from cloister.workspace.git.repository import open_repository, working_tree_of
from cloister.workspace.git.staged_diff import staged_entries
top = working_tree_of(Path(sys.argv[1]).absolute().parent)
with open_repository(top) as repository:
    Path({told!r}).write_text(" ".join(it.path for it in staged_entries(repository)))
"""


def test_half_a_lock_of_another_command_does_not_count(here: Path) -> None:
    edit(here)
    data = (here / ".git" / "index").read_bytes()
    (here / ".git" / "index.lock").write_bytes(data[: len(data) // 2])
    assert names(here) == ["a.py", "d.py", "x/new.py"]


@pytest.mark.parametrize("damage", ["commit", "tree", "index"])
def test_what_is_damaged_is_refused(here: Path, damage: str) -> None:
    edit(here)
    if damage == "index":
        (here / ".git" / "index").write_bytes(b"DIRC")
    else:
        name = git(here, "rev-parse", "HEAD" if damage == "commit" else "HEAD:x").strip()
        (here / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(CloisterError, match="cannot be read"):
        names(here)


@pytest.fixture(scope="module")
def packed_here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = repository(tmp_path_factory.mktemp("packed") / "here", FILES)
    packed(here)
    return here


@settings(deadline=None)
@given(data=st.data())
def test_whatever_lies_in_gits_files_it_ends_in_names_or_in_a_refusal(
    packed_here: Path, data: st.DataObject
) -> None:
    folder = packed_here / ".git"
    files = [folder / "index", folder / "HEAD", *sorted(folder.glob("objects/*/*"))]
    path = data.draw(st.sampled_from(files))
    original = path.read_bytes()
    start = data.draw(st.integers(0, len(original)))
    end = data.draw(st.integers(start, min(len(original), start + 40)))
    path.chmod(0o600)
    path.write_bytes(original[:start] + data.draw(st.binary(max_size=40)) + original[end:])
    try:
        with suppress(CloisterError):
            for name in names(packed_here):
                assert not {"", ".", "..", ".git"} & set(name.split("/"))
            staged(packed_here)
    finally:
        path.write_bytes(original)


@pytest.mark.parametrize("kind", ["plain", "worktree", "submodule"])
def test_the_working_tree_of_gits_own_folder(here: Path, tmp_path: Path, kind: str) -> None:
    top = here
    if kind == "worktree":
        top = tmp_path / "there"
        git(here, "worktree", "add", "--quiet", str(top))
    elif kind == "submodule":
        outer = repository(tmp_path / "outer", {"a": "a\n"})
        git(outer, "submodule", "--quiet", "add", str(here), "inner")
        top = outer / "inner"
    folder = Path(git(top, "rev-parse", "--absolute-git-dir").strip())
    assert working_tree_of(folder) == top


def test_who_only_claims_a_working_tree_gets_none(here: Path, tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare", "bare")
    shutil.copytree(here / ".git", tmp_path / "claims")
    (tmp_path / "claims" / "gitdir").write_text(f"{here}/.git\n")
    for folder in (tmp_path / "bare", tmp_path / "claims", tmp_path, tmp_path / "nowhere"):
        assert working_tree_of(folder) is None


@pytest.mark.parametrize("said", ["a\0b", "\n", "../" * 5_000, "\udcff", "/" + "x" * 5_000, ""])
def test_whatever_a_folder_says_of_its_working_tree(here: Path, tmp_path: Path, said: str) -> None:
    data = said.encode(errors="surrogateescape")
    folder = tmp_path / "claims"
    shutil.copytree(here / ".git", folder)
    (folder / "gitdir").write_bytes(data)
    assert working_tree_of(folder) is None
    (folder / "gitdir").unlink()
    (folder / "config").write_bytes(b"[core]\n\tworktree = " + data + b"\n")
    assert working_tree_of(folder) is None
    (tmp_path / ".git").write_bytes(b"gitdir: " + data)
    with open_repository(tmp_path) as found:
        assert found is None


def staged(here: Path) -> list[StagedFile]:
    with open_repository(here) as found:
        assert found is not None
        return staged_files(found, staged_entries(found))


def names(here: Path) -> list[str]:
    with open_repository(here) as found:
        assert found is not None
        return [it.path for it in staged_entries(found)]


def texts(here: Path) -> dict[str, tuple[str, str]]:
    return {it.entry.path: (it.old_text, it.new_text) for it in staged(here) if not it.hidden}


def as_git_says(here: Path) -> list[str]:
    return git(here, "diff", "--cached", "--name-only", "--no-renames").splitlines()


def shown(here: Path, name: str) -> str:
    """Return what git has under a name, nothing where it has no such file."""
    path = name.partition(":")[2]
    known = git(here, "ls-files", "--", path), git(here, "ls-tree", "HEAD", "--", path)
    return git(here, "show", name) if known[not name.startswith(":")] else ""
