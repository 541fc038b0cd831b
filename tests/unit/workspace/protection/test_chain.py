"""Which folders have a say about a file."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.workspace.protection.chain import Holder, holders_of


def test_every_folder_up_to_the_root_once(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b.py"
    holders = list(holders_of(path, [str(path)]))
    assert holders[0] == Holder(str(path), "", str(path))
    assert holders[1] == Holder(str(tmp_path / "a"), "b.py", str(tmp_path / "a"))
    assert holders[-1] == Holder("/", str(path)[1:], "/")
    assert [holder.folder for holder in holders] == [str(path), *map(str, path.parents)]


def test_behind_a_link_both_ways_count(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    holders = list(holders_of(tmp_path / "link" / "a.py", [str(tmp_path / "real" / "a.py")]))
    assert Holder(str(tmp_path / "link"), "a.py", str(tmp_path / "real")) in holders
    assert Holder(str(tmp_path / "real"), "a.py", str(tmp_path / "real")) in holders


@given(st.text(max_size=30))
def test_no_path_raises_anything_else_than_is_said(text: str) -> None:
    try:
        path = Path("/") / text
        holders = list(holders_of(path, [os.path.realpath(path)]))
    except (ValueError, OSError):
        return
    assert holders[-1].folder == "/"


@pytest.mark.parametrize("path", ["a", "", "~/a"])
def test_only_absolute_paths(path: str) -> None:
    with pytest.raises(ValueError, match="not absolute"):
        list(holders_of(Path(path), [path]))
