"""Git's index as it was written, and none of what a few bytes can stand for."""

import hashlib
import struct
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from dulwich.index import ConflictedIndexEntry, IndexEntry

from cloister.workspace.git.index_file import read_index
from support.git import git, repository

ENTRY = struct.pack(">10L20sH", *[0] * 6, 0o100644, 0, 0, 0, b"\1" * 20, 0xFFF)
SHORT = {f"x/file{number}.py": f"{number}\n" for number in range(200)}
DEEP = {f"{'x' * 70}/{'y' * 70}/{name}.py": "1\n" for name in "ab"} | {"z.py": "1\n"}


def index_of(folder: Path, names: Iterable[bytes]) -> Path:
    """Write an index of the fourth version; each name as it stands there, with its NUL."""
    entries = [ENTRY + name for name in names]
    data = struct.pack(">4sLL", b"DIRC", 4, len(entries)) + b"".join(entries)
    path = folder / "index"
    path.write_bytes(data + hashlib.sha1(data, usedforsecurity=False).digest())
    return path


@pytest.mark.parametrize("version", [2, 3, 4])
def test_each_version_says_what_git_wrote(tmp_path: Path, version: int) -> None:
    here = repository(tmp_path / "here", SHORT)
    git(here, "update-index", f"--index-version={version}")
    entries = read_index(here / ".git" / "index")
    assert sorted(entries or {}) == sorted(map(str.encode, SHORT))


def test_names_that_share_a_beginning_are_read(tmp_path: Path) -> None:
    path = index_of(tmp_path, [b"\0ab\0", b"\1c\0", b"\0d\0"])
    assert sorted(read_index(path) or {}) == [b"ab", b"ac", b"acd"]


@pytest.mark.parametrize(
    "names",
    [
        [b"\0" + b"a" * 5_000 + b"\0"],
        [b"\0" + b"a" * 4_000 + b"\0", *[b"\0b\0"] * 100],
        [b"\0" + b"a" * 4_000 + b"\0", *[b"\1b\0"] * 40_000],
        [b"\0a\0", b"\2\0"],
        [b"\0a\0", b"\x80\0b\0"],
        [b"\0a\0", b"\xff" * 100 + b"\0b\0"],
        [b"\0a"],
    ],
    ids=[
        "one long",
        "ever longer",
        "long together",
        "removed",
        "a longer number",
        "a long number",
        "no end",
    ],
)
def test_names_without_end_are_not_read(tmp_path: Path, names: list[bytes]) -> None:
    assert read_index(index_of(tmp_path, names)) is None


@pytest.mark.parametrize("state", ["plain", "conflict", "intended", "no sum"])
def test_the_fourth_version_says_the_same_as_the_second(tmp_path: Path, state: str) -> None:
    here = repository(tmp_path / "here", SHORT | DEEP)
    if state == "intended":
        (here / "later.py").write_text("later")
        git(here, "add", "--intent-to-add", "later.py")
    elif state == "conflict":
        for branch, text in (("other", "2\n"), ("main", "3\n")):
            git(here, "checkout", "--quiet", *(["-b"] if branch == "other" else []), branch)
            (here / "z.py").write_text(text)
            git(here, "commit", "--quiet", "--all", "--message=again")
        with suppress(subprocess.CalledProcessError):
            git(here, "merge", "--quiet", "other")
    elif state == "no sum":
        git(here, "config", "index.skipHash", "true")
    found = []
    for version in ("3", "4"):
        git(here, "update-index", "--index-version=2")
        git(here, "update-index", f"--index-version={version}")
        entries = read_index(here / ".git" / "index")
        assert entries is not None
        found.append({name: as_values(entry) for name, entry in entries.items()})
    assert found[0] == found[1]


def as_values(entry: IndexEntry | ConflictedIndexEntry) -> IndexEntry | None:
    return entry if isinstance(entry, IndexEntry) else None


def test_an_index_of_which_a_part_lies_elsewhere_is_not_read(tmp_path: Path) -> None:
    here = repository(tmp_path / "here", SHORT)
    git(here, "update-index", "--index-version=4")
    git(here, "update-index", "--split-index")
    assert read_index(here / ".git" / "index") is None


@pytest.mark.parametrize("kind", ["absent", "link", "folder", "empty"])
def test_what_is_no_index_is_not_read(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "no-index"
    if kind == "link":
        path.symlink_to(index_of(tmp_path, [b"\0a\0"]))
    elif kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    assert read_index(path) is None
