"""What an editor and a terminal are told about isolation, with and without a kernel that helps."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cloister.engine.paths import engine_paths
from support.engine_process import private_engine
from support.lsp_client import running
from support.real_server import (
    CLOISTER_LSP,
    EVERYTHING,
    SELF_ANSWER,
    answer,
    configure,
    messages,
    opened,
    status,
)

URI = "file:///project/a.py"
TESTS = Path(__file__).resolve().parents[1]
START = (
    f"import sys; sys.path.insert(0, {str(TESTS)!r}); from support.locked_process import *; {{}};"
    "from cloister.cli import main; sys.exit(main(sys.argv[1:]))"
)
POOR_KERNEL = (sys.executable, "-c", START.format("refuse_system_calls(SECCOMP, LANDLOCK)"))
REQUIRED = EVERYTHING | {"requireIsolation": True}

pytestmark = [
    pytest.mark.model,
    pytest.mark.sandbox,
    pytest.mark.skipif(sys.platform != "linux", reason="these locks are those of Linux"),
]


@pytest.fixture(autouse=True)
async def _engine(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    async with private_engine(monkeypatch):
        yield


async def test_a_window_that_requires_isolation_and_has_it_completes() -> None:
    async with running(CLOISTER_LSP) as client:
        await client.initialize(initializationOptions=REQUIRED)
        await opened(client, URI)
        assert await answer(client, URI) == SELF_ANSWER
        facts = await status(client)
        assert facts["isolation"] == "kernel"
        assert facts["isolation_reason"] == "Held by seccomp, audit hook."
        assert messages(client) == []
        assert await client.bye() == 0


async def test_n05_a_window_that_requires_isolation_and_has_none_is_off_and_says_why() -> None:
    async with running((*POOR_KERNEL, "lsp")) as client:
        await client.initialize(initializationOptions=REQUIRED)
        await opened(client, URI)
        assert await answer(client, URI) == ""
        facts = await status(client)
        assert facts["state"] == "off"
        assert facts["isolation"] == "audit"
        assert not engine_paths().socket.exists()
        (message,) = messages(client)
        assert message.startswith("The kernel does not keep cloister off the network here (")
        assert message.endswith("; turn off `requireIsolation` to go on all the same.")
        configure(client, EVERYTHING)
        assert await answer(client, URI) == SELF_ANSWER
        assert await client.bye() == 0


async def complete(command: tuple[str, ...], path: Path, *arguments: str) -> Any:
    return await asyncio.to_thread(
        subprocess.run,
        [*command, "complete", f"{path}:1:8", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


async def test_the_command_line_can_require_it_too(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("import \n")
    cloister = (sys.executable, "-m", "cloister")
    assert (await complete(cloister, path, "--require-isolation")).returncode == 0
    refused = await complete(POOR_KERNEL, path, "--require-isolation")
    assert refused.returncode == 1
    assert refused.stderr.startswith("cloister: The kernel does not keep cloister off the network")
    assert refused.stderr.count("\n") == 1


WATCHED = START.format(
    "sys.addaudithook(lambda event, arguments: event == 'import'"
    " and arguments[0] in {'jinja2', 'llama_cpp', 'numpy'}"
    " and print('imported', arguments[0], file=sys.stderr))"
)


async def test_a_window_knows_no_templates_and_no_llama() -> None:
    async with running((sys.executable, "-c", WATCHED, "lsp")) as client:
        await client.initialize(initializationOptions=EVERYTHING)
        await opened(client, URI)
        assert await answer(client, URI) == SELF_ANSWER
        assert await client.bye() == 0
        assert "imported" not in client.stderr()
