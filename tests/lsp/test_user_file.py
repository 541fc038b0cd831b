"""`cloister model use` in a terminal changes the model of a server that is running."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from cloister.models.catalogue import BUNDLED
from support.engine_process import private_engine
from support.lsp_client import RawClient, environment, running
from support.real_server import (
    CLOISTER_LSP,
    EVERYTHING,
    SELF_ANSWER,
    answer,
    configure,
    opened,
    status,
)

pytestmark = pytest.mark.model

URI = "file:///project/config.py"
OTHER = "cloister-starter-v9"
"""What a copy of the bundled model calls itself; its name has as many letters."""


@pytest.fixture(autouse=True)
async def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[None]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    async with private_engine(monkeypatch):
        yield


async def cloister(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "cloister",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        env=environment(),
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    return out.decode()


async def state_change(client: RawClient, number: int) -> str:
    """Return the model that the `number`-th news of the server's state is about."""
    news = await client.message("cloister/status", number)
    return str(news["params"]["model"])


async def test_use_changes_the_model_of_a_running_server(tmp_path: Path) -> None:
    weights = BUNDLED.path.read_bytes().replace(b"cloister-starter-v0", OTHER.encode())
    (tmp_path / "other.gguf").write_bytes(weights)
    await cloister("model", "import", str(tmp_path / "other.gguf"), "--name", "mine")
    async with running(CLOISTER_LSP) as client:
        await client.initialize(initializationOptions=EVERYTHING | {"statusNotifications": True})
        await opened(client, URI)
        assert await answer(client, URI) == SELF_ANSWER
        assert (await status(client))["model"] == BUNDLED.name
        n_before = len(client.all_of("cloister/status"))
        await cloister("model", "use", "mine")
        assert await state_change(client, n_before + 1) == "mine"
        assert await answer(client, URI) == SELF_ANSWER
        assert (await status(client))["model"] == OTHER
        # What an editor says outranks the file.
        configure(client, EVERYTHING | {"model": BUNDLED.name})
        assert await client.alive()
        assert await answer(client, URI) == SELF_ANSWER
        assert (await status(client))["model"] == BUNDLED.name
        assert await client.bye() == 0


async def test_a_broken_file_is_one_message_and_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "config" / "cloister" / "config.toml"
    async with running(CLOISTER_LSP) as client:
        await client.initialize()
        assert await client.alive()
        file.write_text("enabled = maybe\n")
        shown = await client.message("window/showMessage")
        assert str(file) in shown["params"]["message"]
        assert "at line 1, column 11" in shown["params"]["message"]
        assert shown["params"]["type"] == 2
        assert (await status(client))["state"] == "ready"
        assert await client.bye() == 0
