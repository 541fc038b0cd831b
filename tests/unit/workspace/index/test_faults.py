"""Workspaces as they should not be: whatever lies there, the rest is in the index."""

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest

from cloister.workspace.index import batch
from support.indexed import Planted

Fault = Callable[[Path], object]


def write(root: Path, name: str, data: bytes) -> None:
    (root / name).write_bytes(data)


def sparse(root: Path) -> None:
    with (root / "bad.py").open("wb") as file:
        file.truncate(2 * 1024**3)


def minified(root: Path) -> None:
    with (root / "bad.js").open("w") as file:
        for _ in range(50):
            file.write("function a(b){return b+1};" * 40_000)


def socket_file(root: Path) -> None:
    here = Path.cwd()
    # The path of a socket has room for a hundred bytes.
    os.chdir(root)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("bad.py")
    finally:
        os.chdir(here)


def loop(root: Path) -> None:
    (root / "bad.py").symlink_to("bad.py")
    (root / "loop").symlink_to(".")
    (root / "up").symlink_to("..")


def deep(root: Path) -> None:
    here = Path.cwd()
    os.chdir(root)
    try:
        for _ in range(400):
            Path("deep").mkdir()
            os.chdir("deep")
        Path("bad.py").write_text("bad = 1\n")
    finally:
        os.chdir(here)


FAULTS: dict[str, Fault] = {
    "two gigabytes": sparse,
    "minified": minified,
    "binary": lambda root: write(root, "bad.py", bytes(range(256)) * 50),
    "UTF-16 without a mark": lambda root: write(root, "bad.py", "bad = 1\n".encode("utf-16-le")),
    "not UTF-8": lambda root: write(root, "bad.py", b"bad = '\xff\xfe\xfd'\n"),
    "fifo": lambda root: os.mkfifo(root / "bad.py"),
    "socket": socket_file,
    "symbolic links in circles": loop,
    "400 folders": deep,
    "a name that is not UTF-8": lambda root: write(root, os.fsdecode(b"bad\xff.py"), b"bad = 1\n"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_rest_is_there(fault: str, tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        FAULTS[fault](planted.root)
        try:
            summary = planted.build()
            assert summary.files == 3
            assert planted.index.symbols_named(["Item"], 5) != []
            assert planted.index.symbols_named(["bad", "a"], 5) == []
            assert planted.build().indexed == 0
        finally:
            shutil.rmtree(planted.root / "deep", ignore_errors=True)


NESTED = {
    "brackets": "(" * 10_000,
    "closed brackets": "x = " + "[" * 10_000 + "]" * 10_000 + "\n",
    "blocks": "".join(" " * n + "if x:\n" for n in range(500)),
    "definitions": "def f(): pass\n" * 30_000,
    "lines": "\n" * 500_000,
    "one line": "x = 1; " * 2_500 + "\n",
    "only ends": "}\n" * 20_000,
    "zero bytes of text": "",
}


@pytest.mark.parametrize("name", NESTED)
def test_hostile_code_is_indexed_as_far_as_it_goes(name: str, tmp_path: Path) -> None:
    with Planted(tmp_path, {"bad.py": NESTED[name], "good.py": "def good(): pass\n"}) as planted:
        assert planted.build().skipped in ({}, {"its lines are too long to be written by hand": 1})
        assert len(planted.index.symbols_named(["good"], 5)) == 1


def test_utf_16_with_its_mark_is_read(tmp_path: Path) -> None:
    with Planted(tmp_path, {}) as planted:
        write(planted.root, "wide.py", "def wide(): pass\n".encode("utf-16"))
        planted.build()
        assert len(planted.index.symbols_named(["wide"], 5)) == 1


def test_a_file_that_vanishes_during_the_walk_is_no_trouble(tmp_path: Path) -> None:
    real = batch.read_source

    def vanishing(root: Path, path: str) -> object:
        (root / "shop/model.py").unlink(missing_ok=True)
        return real(root, path)

    with Planted(tmp_path) as planted:
        with patch.object(batch, "read_source", vanishing):
            planted.build()
        assert planted.index.symbols_named(["Item"], 5) == []
        assert planted.build().files == 2
        assert planted.build().skipped == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_read_as_soon_as_it_may(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        place = planted.root / "shop/model.py"
        place.chmod(0)
        assert sum(planted.build().skipped.values()) == 1
        place.chmod(0o600)
        assert planted.build().skipped == {}


def test_what_could_not_be_read_is_tried_each_time(tmp_path: Path) -> None:
    with Planted(tmp_path) as planted:
        refused = batch.NotIndexed("it cannot be read, or is not a regular file")
        with patch.object(batch, "read_source", lambda _root, _path: refused):
            assert planted.build().files == 0
        assert planted.build().files == 3


def test_a_mass_rename_is_followed(tmp_path: Path) -> None:
    files = {f"old/f{n}.py": f"def function{n}(): pass\n" for n in range(300)}
    with Planted(tmp_path, files) as planted:
        planted.build()
        (planted.root / "old").rename(planted.root / "new")
        summary = planted.build()
        assert (summary.indexed, summary.removed, summary.files) == (300, 300, 300)
        assert planted.index.symbols_named(["function7"], 5)[0].path == "new/f7.py"
