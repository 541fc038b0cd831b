"""`cloister action commit-message`: printed for git, and asked of a service like every edit."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.asking import chat_answer, write_user_file
from support.git import git, repository, write
from support.lsp_client import environment
from support.made_up_secrets import made_up_secrets
from support.service_server import Reply, serving
from support.whole_run import private_user

pytestmark = pytest.mark.model

MESSAGE = "Say two\n\nOne was too few."
SERVICE = ("--with", "work", "--yes")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with private_user(monkeypatch) as home:
        here = repository(home / "project", {"a.py": "one\n", "deep/b.py": "b\n"})
        for number in range(4):
            git(here, "commit", "--quiet", "--allow-empty", f"--message=Quote word-of-log {number}")
        write(here, {"a.py": "two\n", "deep/b.py": "bee\n", ".env": "word-of-env\n"})
        git(here, "add", "--all", "--force")
        yield home


async def test_the_message_is_printed_as_git_takes_it(home: Path) -> None:
    async with serving(Reply(chat_answer(f"```\n{MESSAGE}\n```"))) as server:
        write_user_file(home / "config", server.url, "allow")
        done = await act(home, *SERVICE)
        assert (done.returncode, done.stdout) == (0, f"{MESSAGE}\n"), done.stderr
        told = json.loads((await act(home, *SERVICE, "--json")).stdout)
    assert told["edits"] == [{"start": 0, "end": 0, "text": f"{MESSAGE}\n"}]
    body = server.received[0].body.decode()
    assert all(words in body for words in ("changed: a.py", "+two", "changed: deep/b.py", "+bee"))
    assert not [word for word in ("word-of-env", ".env", "word-of-log") if word in body]


async def test_every_file_is_shown_and_put_on_record(home: Path) -> None:
    async with serving(Reply(chat_answer(MESSAGE))) as server:
        write_user_file(home / "config", server.url, "allow")
        dry = await act(home, "--with", "work", "--dry-run")
        assert server.received == []
        await act(home, *SERVICE)
    files = [str(home / "project" / name) for name in ("a.py", "deep/b.py")]
    assert all(file in dry.stdout for file in files)
    records = "".join(it.read_text() for it in (home / "state").rglob("*.jsonl"))
    assert all(json.dumps(file) in records for file in files)
    (request,) = server.received
    assert dry.stdout.endswith(f"\n{request.body.decode('ascii')}\n")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"deep/.cloister.toml": "version = 1\nlocal-only = true\n"}, "deep/.cloister.toml"),
        ({"deep/b.py": f'KEY = "{next(iter(made_up_secrets().values()))}"\n'}, "b.py has what"),
    ],
)
async def test_one_file_that_must_stay_keeps_all_of_it_here(
    home: Path, files: dict[str, str], reason: str
) -> None:
    write(home / "project", files)
    git(home / "project", "add", "--all")
    async with serving(Reply(chat_answer(MESSAGE))) as server:
        write_user_file(home / "config", server.url, "allow")
        done = await act(home, *SERVICE)
    assert (done.returncode, server.received) == (1, [])
    assert reason in done.stderr


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ((), 1, "follows instructions"),
        (("/",), 1, "lies in no git repository"),
        (("/nowhere",), 2, "does not exist"),
        (("--apply",), 2, "only printed"),
        (("--diff",), 2, "only printed"),
    ],
)
async def test_mistakes_are_one_sentence(
    home: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    done = await act(home, *words)
    assert (done.returncode, done.stdout) == (code, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


async def act(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "cloister", "action", "commit-message", *words],
        cwd=home / "project" / "deep",
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
