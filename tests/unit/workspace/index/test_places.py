"""Where the index is kept, and which folders are watched."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from cloister.settings.user_folders import UserFolders
from cloister.workspace.index.location import index_database
from cloister.workspace.index.watch import folders_of


def test_every_root_has_a_place_of_its_own(tmp_path: Path) -> None:
    folders = UserFolders(tmp_path, {})
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    (tmp_path / "link").symlink_to("one")
    place = index_database(one, folders)
    assert place.is_relative_to(tmp_path / ".cache" / "cloister" / "index")
    assert place == index_database(tmp_path / "link", folders)
    assert place == index_database(tmp_path / "other" / ".." / "one", folders)
    assert place != index_database(other, folders)


@pytest.mark.parametrize(
    ("paths", "folders"),
    [
        ([], {""}),
        (["a.py"], {""}),
        (["x/y/a.py", "x/b.py", "z/c.py"], {"", "x", "x/y", "z"}),
    ],
)
def test_folders_on_the_way_to_files_are_watched(paths: Iterable[str], folders: set[str]) -> None:
    assert folders_of(paths) == folders
