"""Renaming, inlining and editing by instruction in the terminal."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.asking import chat_answer, write_user_file
from support.lsp_client import environment
from support.service_server import Reply, serving
from support.whole_run import private_user

SOURCE = "def total(prices):\n    p = sum(prices)\n    return p\n"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with private_user(monkeypatch) as home:
        (home / "project").mkdir()
        path = home / "project" / "a.py"
        path.write_bytes(b"\xef\xbb\xbf" + SOURCE.replace("\n", "\r\n").encode())
        yield home


async def test_a_variable_is_inlined_without_a_model(home: Path) -> None:
    (home / "config" / "cloister").mkdir(parents=True, exist_ok=True)
    done = await act(home, "inline", "2:5", "--apply")
    assert done.returncode == 0, done.stderr
    wanted = b"\xef\xbb\xbfdef total(prices):\r\n    return sum(prices)\r\n"
    assert (home / "project" / "a.py").read_bytes() == wanted


async def test_a_local_name_is_renamed(home: Path) -> None:
    async with serving(Reply(chat_answer("`price_sum`"))) as server:
        write_user_file(home / "config", server.url, "allow")
        done = await act(home, "rename", "2:5", "--with", "work", "--yes")
    added = [line for line in done.stdout.splitlines() if line.startswith("+ ")]
    assert added == ["+    price_sum = sum(prices)", "+    return price_sum"]


async def test_what_is_said_is_asked_for(home: Path) -> None:
    new = "def total(prices):\n    return sum(prices)"
    async with serving(Reply(chat_answer(new))) as server:
        write_user_file(home / "config", server.url, "allow")
        words = ("--instruction", "Return the sum at once.", "--with", "work", "--yes")
        done = await act(home, "edit", "2:5", *words)
    assert "+    return sum(prices)" in done.stdout, done.stderr
    assert b"Return the sum at once." in server.received[0].body


async def test_other_names_are_left_before_anything_is_asked(home: Path) -> None:
    async with serving(Reply(chat_answer("sum_of_prices"))) as server:
        write_user_file(home / "config", server.url, "allow")
        done = await act(home, "rename", "1:5", "--with", "work", "--yes")
    assert done.returncode != 0
    assert "install a language server for python" in done.stderr
    assert server.received == []


async def act(home: Path, name: str, place: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "cloister", "action", name, f"a.py:{place}", *words]
    return await asyncio.to_thread(
        subprocess.run,
        command,
        cwd=home / "project",
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
