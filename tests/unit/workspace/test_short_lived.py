"""Folders that go with their process, however it ends."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cloister.workspace.short_lived import remove_abandoned, short_lived_folder

_HOLDS_ONE = """
import sys, pathlib
from cloister.workspace.short_lived import short_lived_folder
with short_lived_folder(pathlib.Path(sys.argv[1])) as folder:
    file = folder / "text.txt"
    file.write_text("of the user")
    file.chmod(0o400)
    print(folder, flush=True)
    sys.stdin.read()
"""


def holder(place: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", _HOLDS_ONE, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def held_folder(process: "subprocess.Popen[str]") -> Path:
    assert process.stdout
    return Path(process.stdout.readline().strip())


def test_it_is_private_and_goes_with_the_block(tmp_path: Path) -> None:
    place = tmp_path / "shown"
    with short_lived_folder(place) as folder:
        (folder / "a").write_text("x")
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (place, folder)]
        assert modes == [0o700, 0o700]
    assert list(place.iterdir()) == []


def test_the_next_one_removes_what_a_killed_process_left_and_nothing_else(tmp_path: Path) -> None:
    with holder(tmp_path) as killed, holder(tmp_path) as alive:
        left, kept = held_folder(killed), held_folder(alive)
        killed.kill()
        killed.wait()
        assert (left / "text.txt").exists()
        with short_lived_folder(tmp_path) as folder:
            assert sorted(tmp_path.iterdir()) == sorted([kept, folder])
        alive.communicate("")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["held-file", "held-link", "other"])
def test_what_is_not_ours_stays(name: str, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a").write_text("x")
    place = tmp_path / "shown"
    place.mkdir()
    match name:
        case "held-file":
            (place / name).write_text("x")
        case "held-link":
            (place / name).symlink_to(tmp_path / "elsewhere")
        case _:
            (place / name).mkdir()
    remove_abandoned(place)
    assert [path.name for path in place.iterdir()] == [name]
    assert (tmp_path / "elsewhere" / "a").exists()


def test_where_nothing_was_shown_there_is_nothing_to_remove(tmp_path: Path) -> None:
    remove_abandoned(tmp_path / "shown")
    assert list(tmp_path.iterdir()) == []
