"""An engine that gets no more memory dies or fails alone: the editor is answered and goes on."""

import resource
import shutil
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from support.engine_process import MODEL, engine_pid, private_engine
from support.lsp_client import running
from support.real_server import (
    CLOISTER_LSP,
    EVERYTHING,
    SELF_ANSWER,
    answer,
    configure,
    opened,
)

URI = "file:///project/a.py"
MEGABYTE = 2**20
IMPATIENT = {"completion": {"minConfidence": 0, "deadlineMs": 500}}

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(sys.platform != "linux", reason="limits of others are set on Linux only"),
]


@pytest.fixture
def other_model(tmp_path: Path) -> Path:
    return shutil.copy(MODEL, tmp_path / "other.gguf")


async def test_e05_an_engine_without_memory_harms_nobody(
    monkeypatch: pytest.MonkeyPatch, other_model: Path
) -> None:
    async with private_engine(monkeypatch), running(CLOISTER_LSP) as client:
        await client.initialize(initializationOptions=EVERYTHING)
        await opened(client, URI)
        assert await answer(client, URI) == SELF_ANSWER
        pid = await engine_pid()
        _, most = resource.prlimit(pid, resource.RLIMIT_AS)
        resource.prlimit(pid, resource.RLIMIT_AS, (MEGABYTE, most))
        configure(client, IMPATIENT | {"model": str(other_model)})
        # It may say so, die, or say nothing at all; the editor has its answer in time.
        assert await answer(client, URI) == ""
        assert await client.alive()
        with suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_AS, (most, most))
        configure(client, EVERYTHING)
        # If the engine died, another one starts after a pause.
        while not (text := await answer(client, URI)):
            assert await client.alive()
        assert text == SELF_ANSWER
        assert await client.bye() == 0
