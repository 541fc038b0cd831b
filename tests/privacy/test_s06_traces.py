"""What a session leaves behind and shows of itself: no code, no key, nothing for other users."""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.engine_process import engine_pid
from support.lsp_client import running
from support.whole_run import (
    CLOISTER,
    FOLDERS,
    MARKER,
    private_user,
    whole_run,
    write_project,
)

KEY = "k3y-of-s0mebody-else"
"""A key in the editor's environment: what the editor starts inherits it, and passes it on."""

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's"),
]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    with private_user(monkeypatch) as folder:
        write_project(folder / "project")
        yield folder


def descendants(pid: int) -> list[int]:
    """Return the processes that a process has started, and theirs."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    children = list(map(int, listed.split()))
    return children + [pid for child in children for pid in descendants(child)]


def told_of(pid: int) -> bytes:
    """Return what every process on this machine may know of one: its command and environment."""
    facts = Path(f"/proc/{pid}")
    return (facts / "cmdline").read_bytes() + b"\0" + (facts / "environ").read_bytes()


async def test_s06_neither_code_nor_keys_are_left_anywhere(home: Path) -> None:
    async with running((CLOISTER, "lsp")) as client:
        answers = await whole_run(client, home / "project")
        assert any(answers[:-2])
        engine = await engine_pid()
        started = {engine, *descendants(client.process.pid)}
        assert len(started) > 1, "the indexer was not seen"
        for pid in started:
            assert MARKER.encode() not in told_of(pid)
            assert KEY.encode() not in told_of(pid)
        assert MARKER.encode() not in told_of(client.process.pid)
        assert await client.bye() == 0
        assert MARKER not in client.stderr()
        assert KEY not in client.stderr()
    # Not even where code is indexed: what is kept of it is names, signatures and places.
    kept = [path for name in FOLDERS.values() for path in (home / name).rglob("*")]
    assert any(path.suffix == ".log" for path in kept)
    assert any(path.name == "index.sqlite" for path in kept)
    for path in kept:
        facts = path.lstat()
        assert stat.S_IMODE(facts.st_mode) & 0o077 == 0, path
        assert facts.st_uid == os.getuid()
        if stat.S_ISREG(facts.st_mode):
            content = path.read_bytes()
            assert MARKER.encode() not in content, path
            assert KEY.encode() not in content, path
    assert not any(path.name.startswith("core") for path in kept)
