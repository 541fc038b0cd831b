"""P02: what lies in a repository's root changes nothing, even when the server is started there."""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryFile

import pytest

from support.engine_process import private_engine
from support.lsp_client import RawClient
from support.policies import initialize, privacy, write_user_file
from support.real_server import EVERYTHING, SELF_ANSWER, answer, opened

MODULES = """
sitecustomize usercustomize openai llama_cpp numpy httpx keyring dulwich tree_sitter pygls
lsprotocol watchfiles rich tomlkit json socket ssl cloister
"""
INSTALLED = Path(sys.executable).with_name("cloister")

pytestmark = pytest.mark.model


@pytest.fixture(autouse=True)
async def _engine(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    async with private_engine(monkeypatch):
        yield


def fill(root: Path, trace: Path) -> None:
    """Put everything into the root that some program would load from there."""
    root.mkdir()
    spying = f"open({str(trace)!r}, 'a').write(__name__ + chr(10))\n"
    for name in MODULES.split():
        (root / f"{name}.py").write_text(spying)
    variables = {"HTTPS_PROXY": "http://evil.example", "OPENAI_API_KEY": "sk-evil"}
    lines = "".join(f"{name}={value}\n" for name, value in variables.items())
    (root / ".env").write_text(f"{lines}CLOISTER_LOCAL_ONLY=0\nPYTHONSTARTUP={trace}\n")
    (root / ".netrc").write_text("machine evil.example login a password b\n")
    (root / ".vscode").mkdir()
    (root / ".vscode" / "settings.json").write_text(
        '{"cloister.path": "/tmp/evil", "cloister.model": "/tmp/evil.gguf"}\n'
    )
    (root / ".nvim.lua").write_text(f"io.open('{trace}', 'w'):write('nvim')\n")
    (root / "config.toml").write_text('model = "/tmp/evil.gguf"\n[privacy]\nlevel = "allow"\n')
    (root / "cloister").mkdir()
    (root / "cloister" / "config.toml").write_text('[privacy]\nlevel = "allow"\n')


def spring(root: Path, trace: Path) -> None:
    """Show that a program which looks there is caught."""
    subprocess.run([sys.executable, "-c", "import openai"], cwd=root, check=True)
    assert trace.exists()
    trace.unlink()


async def test_p02_nothing_in_the_root_has_an_effect(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_user_file(monkeypatch, tmp_path, '[privacy]\nlevel = "ask"\n')
    # As an installed program has it, and not as tests run from a checkout.
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    trace, root = tmp_path / "trace", tmp_path / "repository"
    fill(root, trace)
    spring(root, trace)
    with TemporaryFile() as log:
        process = await asyncio.create_subprocess_exec(
            INSTALLED, "lsp", cwd=root, stdin=PIPE, stdout=PIPE, stderr=log, env=variables
        )
        client = RawClient(process, log)
        await initialize(client, [root], initializationOptions=EVERYTHING)
        uri = (root / "main.py").as_uri()
        await opened(client, uri)
        assert await answer(client, uri) == SELF_ANSWER
        assert (await privacy(client))["level"] == "ask"
        assert await client.bye() == 0
    assert not trace.exists()
