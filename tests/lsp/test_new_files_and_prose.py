"""Code actions that do not edit the document: tests in a new file, and answers in prose."""

import stat
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from support.lsp_client import Message, RawClient, running

SCRIPT = Path(__file__).with_name("new_files.json")
SERVER = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{SCRIPT}")
SOURCE = "def add(a, b):\n    return a + b\n"
TESTS = "from a import add\n\n\ndef test_add():\n    assert add(1, 2) == 3\n"
WRITE, EXPLAIN, REVIEW = "Write tests of “add” in test_a.py", "Explain “add”", "Review “add”"
EDIT = {"documentChanges": True, "resourceOperations": ["create"]}
WINDOW = {"showDocument": {"support": True}}
ACTIONS = {"codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}}


@pytest.fixture
async def client() -> AsyncIterator[RawClient]:
    async with running(SERVER) as client:
        yield client


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "tests").mkdir()
    return tmp_path


async def test_tests_go_into_a_new_file(client: RawClient, root: Path) -> None:
    await opened(client, root)
    answer = await client.request("codeAction/resolve", (await menu(client, root))[WRITE])
    uri = (root / "tests" / "test_a.py").as_uri()
    assert answer["result"]["edit"]["documentChanges"] == [
        {"kind": "create", "uri": uri, "options": {"ignoreIfExists": True}},
        {"textDocument": {"uri": uri, "version": None}, "edits": [inserted()]},
    ]
    assert not list((root / "tests").iterdir())


async def test_a_new_file_is_to_be_confirmed_where_the_client_can_ask(
    client: RawClient, root: Path
) -> None:
    await opened(client, root, edit=EDIT | {"changeAnnotationSupport": {}})
    answer = await client.request("codeAction/resolve", (await menu(client, root))[WRITE])
    edit = answer["result"]["edit"]
    assert edit["changeAnnotations"] == {
        "new-file": {"label": "Create test_a.py", "needsConfirmation": True}
    }
    created, text = edit["documentChanges"]
    assert created["annotationId"] == "new-file"
    assert text["edits"] == [inserted()]


async def test_tests_that_are_there_are_not_written_again(client: RawClient, root: Path) -> None:
    (root / "tests" / "test_a.py").touch()
    await opened(client, root)
    assert WRITE not in await menu(client, root)


async def test_what_the_client_cannot_do_is_not_offered(client: RawClient, root: Path) -> None:
    await opened(client, root, edit={"documentChanges": True}, window={})
    assert not {WRITE, EXPLAIN, REVIEW} & (await menu(client, root)).keys()


async def test_prose_is_shown_with_nothing_to_follow(client: RawClient, root: Path) -> None:
    await opened(client, root)
    entries = await menu(client, root)
    assert "edit" not in entries[EXPLAIN]
    answer = await client.request("workspace/executeCommand", entries[EXPLAIN]["command"])
    assert answer["result"] is None
    asked = (await client.message("window/showDocument"))["params"]
    check_private(
        Path(asked["uri"].removeprefix("file://")),
        "It adds, see \\[here\\](`https://evil.example)` and "
        "!\\[it\\](`https://evil.example/x.png).`\n",
    )


async def test_what_was_shown_is_gone_with_the_session(client: RawClient, root: Path) -> None:
    await opened(client, root)
    entry = (await menu(client, root))[REVIEW]
    await client.request("workspace/executeCommand", entry["command"])
    asked = (await client.message("window/showDocument"))["params"]
    file = Path(asked["uri"].removeprefix("file://"))
    check_private(file, "- Line 2, warning: It joins texts, see (link)\n")
    folder = file.parent
    assert folder.is_dir()
    assert await client.bye() == 0
    assert not folder.exists()


def check_private(file: Path, text: str) -> None:
    assert file.read_text(encoding="utf-8") == text
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


async def opened(
    client: RawClient,
    root: Path,
    edit: Mapping[str, Any] = EDIT,
    window: Mapping[str, Any] = WINDOW,
) -> None:
    (root / "a.py").write_text(SOURCE, encoding="utf-8")
    await client.initialize(
        rootUri=root.as_uri(),
        capabilities={
            "workspace": {"workspaceEdit": edit},
            "window": window,
            "textDocument": ACTIONS,
        },
    )
    client.open((root / "a.py").as_uri(), SOURCE)


async def menu(client: RawClient, root: Path) -> dict[str, Message]:
    place = {"line": 0, "character": 5}
    answer = await client.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": (root / "a.py").as_uri()},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": []},
        },
    )
    return {it["title"]: it for it in answer["result"]}


def inserted() -> Message:
    start = {"line": 0, "character": 0}
    return {"range": {"start": start, "end": start}, "newText": TESTS}
