"""A first completion waits for nothing: not for ten thousand files, nor for those that are broken.

That each kind of broken file, index and disk is survived, and what is read of it, is tested where
the index is; here all come at once, in front of an editor.
"""

import os
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloister.settings.user_folders import current_user_folders
from cloister.workspace.index.build import look_up
from cloister.workspace.index.location import index_database
from support.lsp_client import RawClient, running
from support.real_server import answer, messages, opened
from support.whole_run import CLOISTER, private_user

N_FILES = 10_000
OPTIONS = {"engine": {"idleSeconds": 0}, "completion": {"minConfidence": 0}}

pytestmark = pytest.mark.model


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with private_user(monkeypatch) as folder:
        yield folder / "project"


def write_broken_project(root: Path) -> None:
    """Write many files, and every kind of file that a program may stumble over."""
    for number in range(N_FILES):
        folder = root / f"part_{number % 100}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"module_{number}.py").write_text(f"def task_{number}(): return {number}\n")
    (root / "huge.py").touch()
    os.truncate(root / "huge.py", 2 * 2**30)
    (root / "minified.js").write_text("var a=1;" * 1_000_000)
    (root / "binary.py").write_bytes(bytes(range(256)) * 100)
    (root / "wide.py").write_bytes("x = 'é'\n".encode("utf-16"))
    (root / "brackets.py").write_text("[" * 10_000)
    os.mkfifo(root / "fifo.py")
    (root / "endless.py").symlink_to("/dev/zero")
    (root / "loop").symlink_to(root)
    (root / "itself.py").symlink_to("itself.py")
    deep = root
    for _ in range(100):
        deep /= "down"
    deep.mkdir(parents=True)
    (deep / "deep.py").write_text("deep = 1\n")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "socket.py"))


def write_small_project(root: Path, database: Path) -> None:
    """Write one file, and an index that is none."""
    root.mkdir()
    (root / "good.py").write_text("def good(): pass\n")
    database.parent.mkdir(mode=0o700, parents=True)
    database.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 100)


async def begin(client: RawClient, root: Path) -> str:
    """Open a new file of the project and return its address."""
    await client.initialize(
        initializationOptions=OPTIONS,
        workspaceFolders=[{"uri": root.as_uri(), "name": root.name}],
    )
    uri = (root / "new.py").as_uri()
    await opened(client, uri)
    return uri


def n_indexed(database: Path) -> int:
    """Return how many files are in an index; none where it cannot be read."""
    try:
        return look_up(database).files
    except sqlite3.Error:
        return 0


async def test_r01_the_first_completion_comes_while_everything_is_indexed(root: Path) -> None:
    write_broken_project(root)
    database = index_database(root, current_user_folders())
    async with running((CLOISTER, "lsp")) as client:
        uri = await begin(client, root)
        assert await answer(client, uri)
        # Nobody has waited: most of it is still to be read.
        assert n_indexed(database) < N_FILES
        assert await answer(client, uri)
        assert messages(client) == []
        assert await client.bye() == 0


async def test_r01_a_broken_index_is_made_again_unasked(root: Path) -> None:
    database = index_database(root, current_user_folders())
    write_small_project(root, database)
    async with running((CLOISTER, "lsp")) as client:
        assert await answer(client, await begin(client, root))
        while not n_indexed(database):
            assert await client.alive()
        assert messages(client) == []
        assert await client.bye() == 0
