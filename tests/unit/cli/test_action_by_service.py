"""New files and prose from a service, in the terminal: permitted and shown like every question."""

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

pytestmark = pytest.mark.model

TESTS = "from a import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with private_user(monkeypatch) as home:
        (home / "project").mkdir()
        (home / "project" / "a.py").write_text("def add(a, b):\n    return a + b\n")
        yield home


async def test_tests_are_written_into_a_new_file(home: Path) -> None:
    async with serving(Reply(chat_answer(f"```python\n{TESTS}```\n"))) as server:
        write_user_file(home / "config", server.url, "allow")
        done = await act(home, "tests", "--yes", "--apply")
        assert done.returncode == 0, done.stderr
        assert (home / "project" / "tests" / "test_a.py").read_text() == TESTS
        again = await act(home, "tests", "--yes", "--apply")
        assert "not possible here" in again.stderr
    assert len(server.received) == 1


async def test_an_explanation_is_printed(home: Path) -> None:
    async with serving(Reply(chat_answer("It adds, see [here](command:x)."))) as server:
        write_user_file(home / "config", server.url, "allow")
        dry = await act(home, "explain", "--dry-run")
        assert server.received == []
        done = await act(home, "explain", "--yes")
    assert done.stdout == "It adds, see \\[here\\](`command:x).`\n"
    (request,) = server.received
    assert dry.stdout.endswith(f"\n{request.body.decode('ascii')}\n")


async def test_no_model_is_loaded_for_what_a_service_does(home: Path) -> None:
    async with serving(Reply(chat_answer("It adds."))) as server:
        write_user_file(home / "config", server.url, "allow")
        done = await act(home, "explain", "--yes")
    assert done.stdout == "It adds.\n"
    assert not (home / "state" / "cloister" / "engine.log").exists()
    assert not list((home / "run").rglob("engine-*"))


async def test_one_of_several_entries_is_chosen_by_its_title(home: Path) -> None:
    go = "package project\n\nfunc Add(a, b int) int {\n\treturn a + b\n}\n"
    async with serving(Reply(chat_answer(f"```go\n{go}```\n"))) as server:
        write_user_file(home / "config", server.url, "allow")
        wrong = await act(home, "translate", "--yes", "--title", "to Klingon")
        assert (wrong.returncode, server.received) == (2, [])
        done = await act(home, "translate", "--yes", "--title", "to go", "--apply")
        assert done.returncode == 0, done.stderr
    assert (home / "project" / "a.go").read_text() == go


@pytest.mark.parametrize("name", ["explain", "review", "tests"])
async def test_a_repository_can_forbid_it(home: Path, name: str) -> None:
    async with serving(Reply(chat_answer("It adds."))) as server:
        write_user_file(home / "config", server.url, "allow")
        mark = home / "project" / ".cloister.toml"
        mark.write_text("version = 1\nlocal-only = true\n")
        done = await act(home, name, "--yes")
        assert (done.returncode, str(mark) in done.stderr) == (1, True)
    assert server.received == []


async def act(home: Path, name: str, *words: str) -> "subprocess.CompletedProcess[str]":
    place = str(home / "project" / "a.py:1")
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "cloister", "action", name, place, "--with", "work", *words],
        cwd=home / "project",
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
