"""No process of cloister opens an internet socket, and none needs one.

The whole product runs: `cloister index` and `cloister lsp` with the real engine and the bundled
model, once under strace, once in a network namespace without any interface, once as it is.
"""

import asyncio
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.lsp_client import running
from support.real_server import messages
from support.whole_run import CLOISTER, N_FILES, private_user, whole_run, write_project

STRACE = os.environ.get("CLOISTER_STRACE") or shutil.which("strace")
UNSHARE = shutil.which("unshare")

pytestmark = [pytest.mark.sandbox, pytest.mark.model]


@pytest.fixture
def private(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the run a user of its own, with a project."""
    with private_user(monkeypatch) as home:
        write_project(home / "project")
        yield home


async def everything(home: Path, *command: str) -> list[Any]:
    """Index the project and run a session in it, both behind `command`; returns the answers."""
    project = home / "project"
    index = [*command, CLOISTER, "index", str(project)]
    indexed = await asyncio.to_thread(subprocess.run, index, capture_output=True, check=True)
    assert indexed.stdout.startswith(b"%d files, " % (N_FILES + 1))
    async with running((*command, CLOISTER, "lsp")) as client:
        answers = await whole_run(client, project)
        assert messages(client) == []
        assert await client.bye() == 0
    return answers


def require(program: str | None, name: str) -> str:
    """Return the program, or say what is missing: a failure in CI, a named skip elsewhere."""
    if program is None:
        reason = f"{name} is missing; `python3 scripts/dev.py test` installs it where it can"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


async def test_n01_no_process_opens_an_internet_socket(private: Path) -> None:
    strace = require(STRACE, "strace")
    logs = private / "strace"
    logs.mkdir()
    # A file for each process: what two processes do at once is not mixed.
    trace = ("-ff", "-qq", "-e", "trace=network,execve", "-s", "200", "-o", str(logs / "log"))
    answers = await everything(private, strace, *trace)
    calls = "".join(log.read_text(errors="replace") for log in logs.iterdir())
    assert any(answers[:-2])
    assert answers[-1] == "kernel"
    assert '"engine", "run"' in calls, "the engine was not traced"
    assert '"index", "--serve"' in calls, "the indexer was not traced"
    assert '"egress"' not in calls
    assert "AF_UNIX" in calls
    assert re.findall(r"^.*AF_INET.*$", calls, re.MULTILINE) == []


async def test_n02_the_answers_are_the_same_without_any_network(private: Path) -> None:
    unshare = require(UNSHARE, "unshare (util-linux)")
    rights = ["-n"] if os.geteuid() == 0 else ["-r", "-n"]
    without = await everything(private, unshare, *rights)
    assert any(without[:-2])
    assert without == await everything(private, "env")
