"""The user's own programs over what an action writes, from the settings file to the edit."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from support.code_actions import RESOLVES, SOURCE, URI, edited, menu, resolve
from support.lsp_client import RawClient, running

SCRIPT = Path(__file__).with_name("own_checks.json")
SERVER = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{SCRIPT}")
TITLE = "Simplify “add”"
BODY = "total = a + b\n    return total"
CLEVER = SOURCE.replace(BODY, "return sum((a, b))")
PLAIN = SOURCE.replace(BODY, "return a + b")
NO_SUM = """
import sys
lines = [n for n, line in enumerate(open(sys.argv[1]), 1) if "sum(" in line]
for n in lines: print(f"{sys.argv[1]}:{n}: sum is too clever")
sys.exit(bool(lines))
"""
KEEPS_TOTAL = """
import sys
sys.exit(0 if "total" in open(sys.argv[1]).read() else f"{sys.argv[1]}:1: total is gone")
"""
# Says what it sees of the world in a file of the test's, whose path is its second word.
LOOKS = """
import json, os, socket, sys
def tried(family, *way):
    try:
        with socket.socket(family) as it: it.connect(*way)
    except OSError as error:
        return type(error).__name__
    return "connected"
facts = {
    "variables": sorted(os.environ),
    "ipv4": tried(socket.AF_INET, ("127.0.0.1", int(sys.argv[3]))),
    "ipv6": tried(socket.AF_INET6, ("::1", int(sys.argv[3]))),
    "folder": os.getcwd(), "files": os.listdir("."),
}
with open(sys.argv[2], "w") as file: json.dump(facts, file)
"""

Start = Callable[..., Any]


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Start:
    """Return what starts a server whose user wants a check; None for a file without one."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    @asynccontextmanager
    async def start(*words: str, code: str = "", **options: object) -> AsyncIterator[RawClient]:
        file = tmp_path / "cloister" / "config.toml"
        file.parent.mkdir(mode=0o700, exist_ok=True)
        (tmp_path / "lint.py").write_text(code)
        command = (sys.executable, str(tmp_path / "lint.py"), "{file}", *words) if code else words
        file.write_text(f"[checks.python]\ncommand = {json.dumps(command)}\n" if command else "")
        async with running(SERVER) as client:
            await client.initialize(capabilities=RESOLVES, **options)
            client.open(URI, SOURCE)
            yield client

    return start


async def refusal(client: RawClient) -> str:
    """Have the action done, and return why it was not."""
    answer = await resolve(client, 0, TITLE)
    assert "edit" not in answer["result"]
    return await told(client)


async def told(client: RawClient) -> str:
    return str((await client.message("window/showMessage"))["params"]["message"])


async def test_what_is_accepted_is_done(start: Start) -> None:
    async with start(code="import sys") as client:
        assert edited(await resolve(client, 0, TITLE)) == CLEVER


async def test_what_it_says_is_told_to_the_model_once(start: Start) -> None:
    async with start(code=NO_SUM) as client:
        assert edited(await resolve(client, 0, TITLE)) == PLAIN


async def test_a_second_failure_is_a_refusal(start: Start, tmp_path: Path) -> None:
    async with start(code=KEEPS_TOTAL) as client:
        name = Path(sys.executable).name
        message = await refusal(client)
        assert message == f"{name} refuses the result: a.py:1: total is gone"
    assert list((tmp_path / "cloister" / "checks").iterdir()) == []


async def test_a_missing_program_is_said(start: Start) -> None:
    async with start("/nowhere/ruff", "{file}") as client:
        assert await refusal(client) == (
            "/nowhere/ruff is no program; correct [checks] in your settings file."
        )


async def test_a_program_of_the_open_folder_is_not_started(start: Start) -> None:
    async with start("/project/node_modules/lint", "{file}") as client:
        assert "lies in the folder that is open" in await refusal(client)


async def test_who_edits_the_file_meanwhile_keeps_the_edit(start: Start, tmp_path: Path) -> None:
    line = tmp_path / "line"
    os.mkfifo(line)
    waits = f"open({str(line)!r}, 'w').write('.'); open({str(line)!r}).read()"
    async with start(code=waits) as client:
        (entry,) = [it for it in await menu(client, (0, 5), (0, 5)) if it["title"] == TITLE]
        asked = client.start("codeAction/resolve", entry)
        assert await asyncio.to_thread(line.read_text) == "."
        client.insert(URI, 2, 0, 0, "\n")
        await asyncio.to_thread(line.write_text, ".")
        assert "edit" not in (await client.response(asked))["result"]
        assert "has changed since" in await told(client)


async def test_it_reaches_no_network_and_sees_nothing_of_the_editor(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_API_KEY", "canary")
    monkeypatch.setenv("PYTHONPATH", os.environ.get("PYTHONPATH", ""))
    seen = tmp_path / "facts.json"
    with socket.create_server(("127.0.0.1", 0)) as service:
        port = str(service.getsockname()[1])
        async with start(str(seen), port, code=LOOKS) as client:
            assert edited(await resolve(client, 0, TITLE)) == CLEVER
    facts = json.loads(seen.read_text())
    assert (facts["ipv4"], facts["ipv6"]) == ("PermissionError", "PermissionError")
    wanted = {"HOME", "LC_ALL", "NO_COLOR", "PATH", "TERM", "TMPDIR", "XDG_CACHE_HOME"}
    assert set(facts["variables"]) == wanted
    assert facts["files"] == ["the-copy"]
    assert not await asyncio.to_thread(Path(facts["folder"]).exists)


async def test_neither_an_editor_nor_a_repository_has_a_say(start: Start, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    project = tmp_path / "project"
    project.mkdir()
    checks = {"python": {"command": ["/usr/bin/touch", str(ran)]}}
    (project / ".cloister.toml").write_text(
        f"[checks.python]\ncommand = {json.dumps(checks['python']['command'])}\n"
    )
    options = {"rootUri": project.as_uri(), "initializationOptions": {"checks": checks}}
    async with start(**options) as client:
        client.notify("workspace/didChangeConfiguration", {"settings": {"checks": checks}})
        assert edited(await resolve(client, 0, TITLE)) == CLEVER
    assert not ran.exists()
