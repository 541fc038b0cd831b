"""A model comes into cloister's folder whole or not at all, and never over another one."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cloister.core.errors import ModelError
from cloister.models.importing import copy_model, link_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data" / "models"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "file.gguf"
    path.write_bytes(b"GGUF" * 1000)
    return path


def copy(source: Path, name: str, folder: Path) -> Path:
    return copy_model(source, name, folder, lambda _n_bytes: None)


TAKERS: list[Callable[[Path, str, Path], Path]] = [copy, link_model]


def test_a_copy_is_the_same_and_private(source: Path, folder: Path) -> None:
    copied: list[int] = []
    path = copy_model(source, "mine", folder, copied.append)
    assert path == folder / "mine.gguf"
    assert path.read_bytes() == source.read_bytes()
    assert sum(copied) == source.stat().st_size
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(folder.iterdir()) == [path]


def test_a_link_leads_to_the_file(source: Path, folder: Path) -> None:
    path = link_model(source, "mine", folder)
    assert path.readlink() == source


@pytest.mark.parametrize("take", TAKERS)
def test_a_split_model_comes_with_all_its_parts(
    take: Callable[[Path, str, Path], Path], tmp_path: Path, folder: Path
) -> None:
    for number in (1, 2):
        (tmp_path / f"big-0000{number}-of-00002.gguf").write_text(str(number))
    path = take(tmp_path / "big-00001-of-00002.gguf", "mine", folder)
    assert path == folder / "mine-00001-of-00002.gguf"
    assert {entry.name: entry.read_text() for entry in folder.iterdir()} == {
        "mine-00001-of-00002.gguf": "1",
        "mine-00002-of-00002.gguf": "2",
    }


@pytest.mark.parametrize("take", TAKERS)
@pytest.mark.parametrize("kind", ["file", "dangling link"])
def test_no_model_is_overwritten(
    take: Callable[[Path, str, Path], Path], kind: str, source: Path, folder: Path
) -> None:
    folder.mkdir(parents=True)
    mine = folder / "mine.gguf"
    if kind == "dangling link":
        mine.symlink_to("nowhere")
    else:
        mine.write_text("old")
    with pytest.raises(ModelError, match="--name"):
        take(source, "mine", folder)
    assert mine.is_symlink() or mine.read_text() == "old"
    assert list(folder.iterdir()) == [mine]


def test_one_that_comes_while_we_copy_is_not_overwritten_either(source: Path, folder: Path) -> None:
    with pytest.raises(ModelError, match="--name"):
        copy_model(source, "mine", folder, lambda _: (folder / "mine.gguf").write_text("theirs"))
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("mine.gguf", "theirs")]


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "/etc/passwd"])
@pytest.mark.parametrize("take", TAKERS)
def test_a_name_is_no_path(
    take: Callable[[Path, str, Path], Path], name: str, source: Path, folder: Path
) -> None:
    with pytest.raises(ModelError, match="cannot be the name"):
        take(source, name, folder)
    assert not folder.exists()


def test_too_little_room_is_said_before_anything_is_copied(
    source: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: shutil._ntuple_diskusage(9, 8, 1))
    with pytest.raises(ModelError, match="make room or use --link"):
        copy(source, "mine", folder)
    assert list(folder.iterdir()) == []


def test_a_disk_that_fills_up_keeps_nothing(source: Path, folder: Path) -> None:
    def full(_n_bytes: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(ModelError, match="No space left on device"):
        copy_model(source, "mine", folder, full)
    assert list(folder.iterdir()) == []


def test_an_interrupted_copy_keeps_nothing(source: Path, folder: Path) -> None:
    def interrupt(_n_bytes: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        copy_model(source, "mine", folder, interrupt)
    assert list(folder.iterdir()) == []


def test_of_a_split_model_that_fails_no_part_stays(tmp_path: Path, folder: Path) -> None:
    for number in (1, 2):
        (tmp_path / f"big-0000{number}-of-00002.gguf").write_text(str(number))
    taken = folder / "mine-00001-of-00002.gguf"
    with pytest.raises(ModelError, match="--name"):
        copy_model(
            tmp_path / "big-00001-of-00002.gguf",
            "mine",
            folder,
            lambda _: taken.write_text("theirs"),
        )
    assert list(folder.iterdir()) == [taken]


@pytest.mark.parametrize("take", TAKERS)
def test_a_folder_that_cannot_be_made_is_said(
    take: Callable[[Path, str, Path], Path], source: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelError, match="could not be put"):
        take(source, "mine", tmp_path / "file" / "models")
