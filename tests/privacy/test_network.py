"""No process of cloister opens an internet socket, and none needs one.

The whole product runs: `cloister lsp` with the real engine and the bundled model, driven by a real
client, once as it is, once under strace, once in a network namespace without any interface.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

CLOISTER = str(Path(sys.executable).with_name("cloister"))
SOURCE = "import os\nimport sys\n\n\ndef main() -> None:\n    for name in os."
TYPED = "listdir"
STRACE = os.environ.get("CLOISTER_STRACE") or shutil.which("strace")
UNSHARE = shutil.which("unshare")

pytestmark = [pytest.mark.sandbox, pytest.mark.model]


@pytest.fixture
def private(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the run a home and a runtime directory, so that the engine is its own."""
    # Not under tmp_path: a socket's path may have 108 bytes.
    with tempfile.TemporaryDirectory(prefix="cl") as folder:
        for name in ("HOME", "XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            monkeypatch.setenv(name, folder)
        yield Path(folder)


async def answers(*command: str) -> list[str]:
    """Run a session behind `command`, typing letter by letter; returns what was offered."""
    client = LanguageClient("network-test", "1")
    await client.start_io(*command, CLOISTER, "lsp")
    options = {"engine": {"idleSeconds": 0}, "completion": {"minConfidence": 0}}
    await client.initialize_async(
        types.InitializeParams(
            capabilities=types.ClientCapabilities(), initialization_options=options
        )
    )
    client.initialized(types.InitializedParams())
    uri = "file:///w/sample.py"
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "python", 0, SOURCE))
    )
    offered = []
    line = SOURCE.count("\n")
    start = len(SOURCE) - SOURCE.rfind("\n") - 1
    for version, letter in enumerate(TYPED, 1):
        position = types.Position(line, start + version - 1)
        change = types.TextDocumentContentChangePartial(types.Range(position, position), letter)
        client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, uri), [change]
            )
        )
        result = await client.text_document_inline_completion_async(
            types.InlineCompletionParams(
                types.InlineCompletionContext(types.InlineCompletionTriggerKind.Invoked),
                types.TextDocumentIdentifier(uri),
                types.Position(line, start + version),
            )
        )
        items = result.items if isinstance(result, types.InlineCompletionList) else result or []
        offered.append(" | ".join(str(item.insert_text) for item in items))
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    return offered


def require(program: str | None, name: str) -> str:
    """Return the program, or say what is missing: a failure in CI, a named skip elsewhere."""
    if program is None:
        reason = f"{name} is missing; `python3 scripts/dev.py test` installs it where it can"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


async def test_no_process_opens_an_internet_socket(private: Path) -> None:
    strace = require(STRACE, "strace")
    log = private / "strace.log"
    offered = await answers(strace, "-f", "-qq", "-e", "trace=network,execve", "-o", str(log))
    calls = log.read_text(errors="replace")
    assert any(offered)
    assert calls.count("execve(") >= 2, "the engine was not traced"
    assert "AF_UNIX" in calls
    assert re.findall(r"^.*AF_INET.*$", calls, re.MULTILINE) == []


@pytest.mark.usefixtures("private")
async def test_the_answers_are_the_same_without_any_network() -> None:
    unshare = require(UNSHARE, "unshare (util-linux)")
    rights = ["-n"] if os.geteuid() == 0 else ["-r", "-n"]
    without = await answers(unshare, *rights)
    assert any(without)
    assert without == await answers("env")
