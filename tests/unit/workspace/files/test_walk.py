"""Walking through trees that change, loop, or are larger than anybody reads."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from cloister.workspace.files.walk import FileEntry, Skip, WalkLimits, walk

LIMITS = WalkLimits(n_entries=1_000, n_files=1_000, depth=10, seconds=60.0)


def plant(root: Path, *paths: str) -> None:
    for path in paths:
        place = root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("text")


def check_walk(
    root: Path,
    expected: list[str],
    limits: WalkLimits = LIMITS,
    skipped: dict[str, Skip] | None = None,
) -> None:
    heard: dict[str, Skip] = {}
    found = list(walk(root, limits, heard.__setitem__))
    assert [entry.path for entry in found] == expected
    assert heard == (skipped or {})


def test_the_nearest_files_come_first(tmp_path: Path) -> None:
    plant(tmp_path, "x/y/a.py", "b.py", "x/a.py", "a.py", "photo.jpeg", "no_language")
    check_walk(tmp_path, ["a.py", "b.py", "x/a.py", "x/y/a.py"])


def test_an_entry_says_what_the_system_says(tmp_path: Path) -> None:
    plant(tmp_path, "a.py")
    os.utime(tmp_path / "a.py", ns=(1, 2))
    assert list(walk(tmp_path)) == [FileEntry("a.py", size=4, mtime_ns=2)]


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    plant(tmp_path, "a.py", "folder.py/b.py")
    (tmp_path / "c.py").symlink_to("a.py")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "outside").symlink_to("/")
    os.mkfifo(tmp_path / "fifo.py")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(tmp_path / "socket.py"))
        check_walk(tmp_path, ["a.py", "folder.py/b.py"])


def test_a_root_behind_a_link_is_walked(tmp_path: Path) -> None:
    plant(tmp_path, "real/a.py")
    (tmp_path / "link").symlink_to("real")
    check_walk(tmp_path / "link", ["a.py"])


def test_a_root_that_is_not_there(tmp_path: Path) -> None:
    check_walk(tmp_path / "nowhere", [], skipped={"": Skip.NOT_READABLE})


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_folders_that_may_not_be_read(tmp_path: Path) -> None:
    plant(tmp_path, "a.py", "x/b.py")
    (tmp_path / "x").chmod(0)
    check_walk(tmp_path, ["a.py"], skipped={"x/": Skip.NOT_READABLE})
    (tmp_path / "x").chmod(0o700)


def test_a_tree_that_is_deleted_during_the_walk(tmp_path: Path) -> None:
    plant(tmp_path, "a.py", "x/b.py", "y/c.py")
    entries = walk(tmp_path)
    assert next(entries).path == "a.py"
    shutil.rmtree(tmp_path)
    assert list(entries) == []


def test_folders_too_deep(tmp_path: Path) -> None:
    path = tmp_path
    for _ in range(400):
        path = path / "d"
        path.mkdir()
    (path / "deep.py").write_text("")
    plant(tmp_path, "d/" * 10 + "a.py")
    check_walk(tmp_path, ["d/" * 10 + "a.py"], skipped={"d/" * 11: Skip.TOO_DEEP})
    shutil.rmtree(tmp_path / "d")


@pytest.mark.parametrize(
    ("limits", "expected", "skipped"),
    [
        (WalkLimits(n_files=3), ["a.py", "b.py", "x/c.py"], {"x/d.py": Skip.TOO_MANY}),
        (WalkLimits(n_files=4), ["a.py", "b.py", "x/c.py", "x/d.py"], {}),
        (WalkLimits(n_entries=3), ["a.py", "b.py"], {"": Skip.TOO_MANY}),
        (WalkLimits(seconds=0), [], {"": Skip.TOO_SLOW}),
    ],
)
def test_bounds(
    tmp_path: Path, limits: WalkLimits, expected: list[str], skipped: dict[str, Skip]
) -> None:
    plant(tmp_path, "a.py", "b.py", "x/c.py", "x/d.py")
    check_walk(tmp_path, expected, limits, skipped)


def test_names_that_cannot_be_written_down(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.py")).write_text("")
    (tmp_path / "line\nend.py").write_text("")
    skipped = {os.fsdecode(b"\xff.py"): Skip.NOT_UTF8}
    check_walk(tmp_path, ["line\nend.py"], skipped=skipped)


def test_secrets_are_counted(tmp_path: Path) -> None:
    plant(tmp_path, "secrets.py", "a.py", "secrets/b.py")
    check_walk(tmp_path, ["a.py"], skipped={"secrets.py": Skip.SECRET})
