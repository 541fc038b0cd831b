"""The user's own code actions, from the settings file to the edit, in editors and the terminal."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.code_actions import RESOLVES, SOURCE, URI, edited, menu, resolve
from support.lsp_client import RawClient, environment, running

SCRIPT = Path(__file__).with_name("instructions.json")
SERVER = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{SCRIPT}")
OWN = """\
[actions.log]
title = "Print what comes in"
instruction = "Say how the sum is made."
kind = "refactor.rewrite.logging"
applies-to = "function"

[actions.elsewhere]
title = "Not here"
instruction = "Do nothing."
languages = ["go"]

[actions.broken]
title = "No instruction"
"""


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "cloister" / "config.toml"
    file.parent.mkdir()
    file.write_text(OWN, encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


@pytest.fixture
async def client() -> AsyncIterator[RawClient]:
    async with running(SERVER) as client:
        await client.initialize(capabilities=RESOLVES)
        client.open(URI, SOURCE)
        yield client


async def test_they_are_offered_beside_the_others(client: RawClient) -> None:
    entries = {it["title"]: it["kind"] for it in await menu(client, (0, 5), (0, 5))}
    assert entries["Print what comes in"] == "refactor.rewrite.logging"
    assert entries["Simplify “add”"] == "refactor.rewrite"
    assert "Not here" not in entries


async def test_they_do_what_they_say(client: RawClient) -> None:
    answer = await resolve(client, 0, "Print what comes in")
    wanted = '    """Return the sum."""\n    total = a + b\n    return total\n'
    assert edited(answer) == SOURCE.replace(wanted, "    print(a, b)\n    return a + b\n")


async def test_a_mistake_is_told(client: RawClient) -> None:
    told = await client.message("window/showMessage")
    assert "The action 'broken' needs 'instruction'" in told["params"]["message"]


def test_the_terminal_lists_them() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cloister", "action", "list"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    rows = [line.split(maxsplit=2) for line in done.stdout.splitlines()]
    assert ["log", "refactor.rewrite.logging", "Print what comes in (yours)"] in rows
    assert "The action 'broken' needs 'instruction'" in done.stderr
