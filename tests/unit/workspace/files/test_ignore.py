"""Which files of a tree are left out, asked one by one and by walking through it."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.workspace.files.ignore import IgnoreRules
from cloister.workspace.files.walk import walk
from support.policies import mark

# A tree with the contents of its ignore files, and what is kept of it; git says the same.
TREES_OF_GIT = {
    "deeper files win": (
        {".gitignore": "*.py", "x/.gitignore": "!a.py", "a.py": "", "x/a.py": "", "x/b.py": ""},
        {"x/a.py"},
    ),
    "a path starts at its ignore file": (
        {"x/.gitignore": "/a.py", "a.py": "", "x/a.py": "", "x/y/a.py": ""},
        {"a.py", "x/y/a.py"},
    ),
    "nothing comes back from a folder that is left out": (
        {".gitignore": "x/\n!x/a.py", "x/.gitignore": "!a.py", "x/a.py": "", "b.py": ""},
        {"b.py"},
    ),
    "the repository's own list is the weakest": (
        {".git/info/exclude": "a.py\nb.py", ".gitignore": "!a.py", "a.py": "", "b.py": ""},
        {"a.py"},
    ),
}
# Git does not look at these as we do.
TREES = {
    "another repository inside has rules of its own": (
        {
            ".gitignore": "*.py",
            "x/.git/HEAD": "",
            "x/.gitignore": "b.py",
            "x/a.py": "",
            "x/b.py": "",
        },
        {"x/a.py"},
    ),
    "what a mark denies is left out, in any case of letters": (
        {
            ".cloister.toml": 'version = 1\ndeny = ["gen/", "/Top.py", "x/*.js"]\n',
            "gen/a.py": "",
            "x/GEN/y/a.py": "",
            "top.py": "",
            "x/top.py": "",
            "x/a.js": "",
            "y/a.js": "",
        },
        {"x/top.py", "y/a.js"},
    ),
    "nothing brings back what a mark denies": (
        {
            ".cloister.toml": 'version = 1\ndeny = ["a.py"]\n',
            ".cloisterignore": "!a.py",
            ".gitignore": "!a.py",
            "x/.cloister.toml": 'version = 1\ndeny = ["!a.py", "b.py"]\n',
            "x/.git/HEAD": "",
            "x/a.py": "",
            "x/b.py": "",
            "x/c.py": "",
        },
        {"x/c.py"},
    ),
    "the second list takes away": (
        {".cloisterignore": "a.py", "a.py": "", "b.py": "", "x/.cloisterignore": "*", "x/c.py": ""},
        {"b.py"},
    ),
    "the second list brings back only what it took": (
        {
            ".gitignore": "a.py",
            ".cloisterignore": "*.py\n!a.py\n!b.py",
            "a.py": "",
            "b.py": "",
            "c.py": "",
        },
        {"b.py"},
    ),
    "secrets do not come back": (
        {
            ".gitignore": "!credentials.py\n!.env.py",
            "credentials.py": "",
            ".env.py": "",
            "a.py": "",
        },
        {"a.py"},
    ),
    "what tools put aside": (
        {
            "node_modules/a.js": "",
            "x/__pycache__/a.py": "",
            "venv/pyvenv.cfg": "",
            "venv/lib/a.py": "",
            "target/CACHEDIR.TAG": "",
            "target/a.rs": "",
            "a.py": "",
        },
        {"a.py"},
    ),
}


def plant(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)


def sources(files: dict[str, str]) -> set[str]:
    return {path for path in files if path.endswith((".py", ".js", ".rs"))}


def check_tree(root: Path, files: dict[str, str], kept: set[str]) -> None:
    rules = IgnoreRules(root)
    assert {path for path in sources(files) if not rules.ignores(path)} == kept
    assert sources({entry.path: "" for entry in walk(root)}) == kept


@pytest.mark.parametrize(
    ("files", "kept"), [*TREES_OF_GIT.values(), *TREES.values()], ids=[*TREES_OF_GIT, *TREES]
)
def test_trees(tmp_path: Path, files: dict[str, str], kept: set[str]) -> None:
    plant(tmp_path, files)
    check_tree(tmp_path, files, kept)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize(("files", "kept"), TREES_OF_GIT.values(), ids=TREES_OF_GIT)
def test_git_agrees(tmp_path: Path, files: dict[str, str], kept: set[str]) -> None:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    plant(tmp_path, files)
    ask = ["git", "-C", tmp_path, "-c", "core.excludesFile=/dev/null", "ls-files", "--others"]
    said = subprocess.run([*ask, "--exclude-standard"], check=True, capture_output=True, text=True)
    assert sources(dict.fromkeys(said.stdout.splitlines(), "")) == kept


def test_a_workspace_inside_a_repository_obeys_the_folders_around_it(tmp_path: Path) -> None:
    plant(
        tmp_path,
        {
            "above/.gitignore": "c.py",
            "above/repository/.git/info/exclude": "d.py",
            "above/repository/.gitignore": "*.js\n/x/a.py\nb.py",
        },
    )
    root = tmp_path / "above" / "repository" / "x"
    files = dict.fromkeys(["a.py", "b.py", "c.py", "d.py", "e.js", "y/a.py"], "")
    plant(root, files)
    check_tree(root, files, {"c.py", "y/a.py"})


def test_a_workspace_that_is_left_out_itself_was_opened_by_somebody(tmp_path: Path) -> None:
    root = tmp_path / "node_modules" / "package"
    plant(tmp_path, {".git/HEAD": "", ".gitignore": "node_modules/"})
    plant(root, {"pyvenv.cfg": "", "a.py": ""})
    check_tree(root, {"a.py": ""}, {"a.py"})


def test_ignore_files_that_are_no_files_say_nothing(tmp_path: Path) -> None:
    plant(tmp_path, {"list": "*", "x/a.py": "", "y/a.py": "", "z/.gitignore/a.py": ""})
    (tmp_path / "x" / ".gitignore").symlink_to(tmp_path / "list")
    os.mkfifo(tmp_path / "y" / ".gitignore")
    kept = {"x/a.py", "y/a.py", "z/.gitignore/a.py"}
    check_tree(tmp_path, dict.fromkeys(kept, ""), kept)


def test_a_configured_list_is_not_read(tmp_path: Path) -> None:
    plant(tmp_path, {".git/config": f"[core]\n\texcludesFile = {tmp_path}/list\n", "list": "*"})
    plant(tmp_path, {"a.py": ""})
    check_tree(tmp_path, {"a.py": ""}, {"a.py"})


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd.py", "../a.py", "x/../../a.py", "x//a.py", "./a.py"]
)
def test_paths_that_lead_out_are_left_out(tmp_path: Path, path: str) -> None:
    assert IgnoreRules(tmp_path).ignores(path)


@given(st.text(max_size=60))
def test_any_path_can_be_asked(path: str) -> None:
    IgnoreRules(Path("/nowhere")).ignores(path)


def test_marks_above_the_workspace_and_its_repository_hold(tmp_path: Path) -> None:
    mark(tmp_path, 'version = 1\ndeny = ["/parts/*/secret.py", "denied.py"]\n')
    root = tmp_path / "parts" / "repository"
    (root / ".git").mkdir(parents=True)
    for name in ("secret.py", "denied.py", "a.py", "x/secret.py", "x/denied.py"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).touch()
    for top, inside in ((root, "x/"), (root / "x", "")):
        kept = {entry.path for entry in walk(top)}
        assert kept == {"a.py", "x/secret.py"} if inside else {"secret.py"}
        assert IgnoreRules(top).ignores(f"{inside}denied.py")
        assert not IgnoreRules(top).ignores(f"{inside}secret.py")
