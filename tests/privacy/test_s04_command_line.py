"""S04 and N03 on the command line: shown first, refused by the rule's name, and put on record."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path

import pytest

from support.asking import chat_answer, write_user_file
from support.lsp_client import environment
from support.made_up_secrets import made_up_secrets
from support.service_server import Reply, ServiceServer, serving
from support.whole_run import private_user

pytestmark = pytest.mark.model

SOURCE = "def add(a, b):\n    total = a + b\n    return total\n"
BETTER = "```python\ndef add(a, b):\n    return a + b\n```\n"


@pytest.fixture
async def server() -> AsyncIterator[ServiceServer]:
    async with serving(Reply(chat_answer(BETTER))) as server:
        yield server


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, server: ServiceServer) -> Iterator[Path]:
    with private_user(monkeypatch) as home:
        write_user_file(home / "config", server.url, "allow")
        (home / "project").mkdir()
        (home / "project" / "a.py").write_text(SOURCE, encoding="utf-8")
        yield home


async def test_s04_a_dry_run_shows_what_is_sent_and_sends_nothing(
    home: Path, server: ServiceServer
) -> None:
    dry = await act(home, "--dry-run")
    assert "Nothing was sent, as you wished." in dry.stderr
    assert dry.returncode == 0
    assert server.received == []
    done = await act(home, "--yes")
    assert done.returncode == 0, done.stderr
    assert "-    total = a + b" in done.stdout
    (request,) = server.received
    assert dry.stdout.endswith(f"\n{request.body.decode('ascii')}\n")


async def test_s04_what_a_service_cannot_take_is_not_sent(
    home: Path, server: ServiceServer
) -> None:
    file = home / "config" / "cloister" / "config.toml"
    file.write_text(f"{file.read_text()}context-tokens = 300\n")
    done = await act(home, "--yes")
    assert done.returncode == 1
    assert "takes about 300 tokens" in done.stderr
    assert server.received == []


async def test_s04_a_budget_is_not_broken_by_the_next_request(
    home: Path, server: ServiceServer
) -> None:
    file = home / "config" / "cloister" / "config.toml"
    file.write_text(f"{file.read_text()}monthly-budget = 0.000001\n")
    prices = file.with_name("prices.toml")
    prices.write_text('[[price]]\nprovider = "vllm"\nmodel = "*"\ninput = 1\noutput = 1\n')
    done = await act(home, "--yes")
    assert done.returncode == 1
    assert "raise monthly-budget or wait for the next month." in done.stderr
    prices.write_text("no prices")
    done = await act(home, "--yes")
    assert done.returncode == 2
    assert str(prices) in done.stderr
    prices.unlink()
    month = f"{date.today():%Y-%m}"  # noqa: DTZ011  # the user's own
    (home / "state" / "cloister" / "usage" / f"usage-{month}.jsonl").mkdir(parents=True)
    done = await act(home, "--yes")
    assert done.returncode == 1
    assert "has cost cannot be read" in done.stderr
    assert server.received == []
    records = map(json.loads, (home / "state/cloister/audit/audit.jsonl").read_text().splitlines())
    refused = [(it["event"], it["reason"]) for it in records]
    assert [event for event, _ in refused] == ["refused"] * 3
    reasons = ("monthly budget", str(prices), "cannot be read")
    assert all(part in reason for part, (_, reason) in zip(reasons, refused, strict=True))


async def test_s04_nobody_at_the_terminal_is_nobody_who_agrees(
    home: Path, server: ServiceServer
) -> None:
    done = await act(home)
    assert done.returncode == 1
    assert "nobody is there to agree" in done.stderr
    assert server.received == []


async def test_n03_an_action_in_a_local_only_repository_is_refused_and_recorded(
    home: Path, server: ServiceServer
) -> None:
    mark = home / "project" / ".cloister.toml"
    mark.write_text("version = 1\nlocal-only = true\n")
    done = await act(home, "--yes")
    assert done.returncode == 1
    assert str(mark) in done.stderr
    assert server.received == []
    (line,) = (home / "state/cloister/audit/audit.jsonl").read_text().splitlines()
    record = json.loads(line)
    assert record["event"] == "refused"
    assert [it["path"] for it in record["files"]] == [str(home / "project" / "a.py")]
    about = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "cloister", "audit", "why", str(home / "project"), "--json"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(json.loads(about.stdout)) == 1
    assert str(mark) in record["reason"]


async def test_s05_a_secret_holds_the_text_back_or_is_taken_out(
    home: Path, server: ServiceServer
) -> None:
    line, secret = next(it for it in made_up_secrets().values() if "\n" not in it[0])
    source = f"def add(a, b):\n    {line}\n    return a + b\n"
    (home / "project" / "a.py").write_text(source, encoding="utf-8")
    done = await act(home, "--yes")
    assert done.returncode == 1
    assert "looks like a secret in line 2" in done.stderr
    assert server.received == []
    file = home / "config" / "cloister" / "config.toml"
    file.write_text(file.read_text().replace("[privacy]\n", '[privacy]\nsecrets = "redact"\n'))
    await act(home, "--yes")
    assert secret.encode() not in server.received[0].body
    assert b"return a + b" in server.received[0].body


async def act(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    place = str(home / "project" / "a.py:1")
    command = [sys.executable, "-m", "cloister", "action", "simplify", place, "--with", "work"]
    return await asyncio.to_thread(
        subprocess.run,
        [*command, *words],
        cwd=home / "project",
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
