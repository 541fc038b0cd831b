"""Code actions through the real server: a menu from syntax, an edit when one is chosen."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from support.lsp_client import Message, RawClient, running

URI = "file:///project/a.py"
SCRIPT = Path(__file__).with_name("actions.json")
SERVER = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{SCRIPT}")
SOURCE = '''\
def add(a, b):
    """Return the sum."""
    pass


def multiply(a, b):
    return a * b


def waits():
    pass


def fails():
    pass


def broken():
    pass


def unsure():
    pass
'''
ADD, MULTIPLY, WAITS, FAILS, BROKEN, UNSURE = (
    SOURCE[: SOURCE.index(f"def {name}")].count("\n")
    for name in ("add", "multiply", "waits", "fails", "broken", "unsure")
)
CHANGED = "The document has changed since, so nothing was done; ask again."
RESOLVES = {
    "workspace": {"workspaceEdit": {"documentChanges": True}},
    "textDocument": {
        "codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}
    },
}


@pytest.fixture
async def client() -> AsyncIterator[RawClient]:
    async with running(SERVER) as client:
        yield client


async def test_the_menu_comes_from_syntax(client: RawClient) -> None:
    answer = await client.initialize(capabilities=RESOLVES)
    assert answer["capabilities"]["codeActionProvider"]["resolveProvider"]
    client.open(URI, SOURCE)
    entries = await menu(client, ADD)
    assert [(it["title"], it["kind"]) for it in entries] == [
        ("Add types to “add”", "refactor.rewrite"),
        ("Implement “add”", "refactor.rewrite"),
    ]
    assert [it["title"] for it in entries if it.get("isPreferred")] == ["Implement “add”"]
    assert not any("edit" in it or "command" in it for it in entries)


@pytest.mark.parametrize(
    ("only", "n"), [(["refactor"], 2), (["refactor.rewrite"], 2), (["quickfix"], 0), ([], 0)]
)
async def test_the_menu_is_of_the_kinds_that_are_asked_for(
    client: RawClient, only: list[str], n: int
) -> None:
    await client.initialize(capabilities=RESOLVES)
    client.open(URI, SOURCE)
    assert len(await menu(client, ADD, only)) == n


async def test_a_chosen_entry_is_an_edit_of_this_version(client: RawClient) -> None:
    await client.initialize(capabilities=RESOLVES)
    client.open(URI, SOURCE)
    answer = await resolve(client, ADD, "Implement “add”")
    (change,) = answer["result"]["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": URI, "version": 1}
    assert change["edits"] == [edit((2, 4), (2, 8), "return a + b")]


async def test_documentation_is_written_where_it_belongs(client: RawClient) -> None:
    await client.initialize(capabilities=RESOLVES)
    client.open(URI, SOURCE)
    answer = await resolve(client, MULTIPLY, "Document “multiply”")
    (change,) = answer["result"]["edit"]["documentChanges"]
    assert change["edits"] == [edit((6, 0), (6, 0), '    """Multiply."""\n')]


async def test_a_client_that_does_not_resolve_gets_a_command(client: RawClient) -> None:
    await client.initialize()
    client.open(URI, SOURCE)
    entry = next(it for it in await menu(client, ADD) if it["title"] == "Implement “add”")
    await client.request("workspace/executeCommand", entry["command"])
    asked = await client.message("workspace/applyEdit")
    changes = asked["params"]["edit"]["changes"]
    assert changes == {URI: [edit((2, 4), (2, 8), "return a + b")]}


async def test_a_document_that_changed_is_left_alone(client: RawClient) -> None:
    await client.initialize(capabilities=RESOLVES)
    client.open(URI, SOURCE)
    entries = await menu(client, ADD)
    client.insert(URI, 2, 0, 0, "\n")
    answer = await client.request("codeAction/resolve", entries[1])
    assert "edit" not in answer["result"]
    assert await told(client) == CHANGED


async def test_a_document_that_changes_meanwhile_is_left_alone(client: RawClient) -> None:
    await client.initialize(capabilities=RESOLVES)
    client.open(URI, SOURCE)
    entry = next(it for it in await menu(client, WAITS) if it["title"] == "Implement “waits”")
    asked = client.start("codeAction/resolve", entry)
    client.insert(URI, 2, 0, 0, "\n")
    client.notify("$/cancelRequest", {"id": asked})
    assert (await client.response(asked))["error"]["code"] == -32800
    again = await client.request("codeAction/resolve", entry)
    assert "edit" not in again["result"]
    assert await told(client) == CHANGED


async def test_cancelling_ends_the_writing(client: RawClient) -> None:
    await client.initialize(capabilities=RESOLVES)
    client.open(URI, SOURCE)
    entry = next(it for it in await menu(client, WAITS) if it["title"] == "Implement “waits”")
    asked = client.start("codeAction/resolve", entry)
    client.notify("$/cancelRequest", {"id": asked})
    assert (await client.response(asked))["error"]["code"] == -32800
    assert "result" in await resolve(client, ADD, "Implement “add”")


@pytest.mark.parametrize(
    ("line", "title", "message"),
    [
        (FAILS, "Implement “fails”", "The engine is not running."),
        (
            BROKEN,
            "Implement “broken”",
            "The result would not be valid python (in its line 1); try again.",
        ),
        (
            UNSURE,
            "Implement “unsure”",
            "The model does not know what belongs here; write a first line.",
        ),
    ],
)
async def test_a_failure_is_one_sentence(
    client: RawClient, line: int, title: str, message: str
) -> None:
    await client.initialize(capabilities=RESOLVES)
    client.open(URI, SOURCE)
    answer = await resolve(client, line, title)
    assert "edit" not in answer["result"]
    assert await told(client) == message


@pytest.mark.parametrize(
    "data",
    [
        None,
        1,
        {},
        {"uri": URI},
        {"uri": URI, "version": 1, "action": "implement", "title": "", "range": [0]},
    ],
)
async def test_entries_that_are_not_ours_are_refused(client: RawClient, data: Any) -> None:
    await client.initialize(capabilities=RESOLVES)
    client.open(URI, SOURCE)
    answer = await client.request("codeAction/resolve", {"title": "x", "data": data})
    assert answer["error"]["code"] == -32602


async def menu(client: RawClient, line: int, only: list[str] | None = None) -> list[Message]:
    place = {"line": line, "character": 5}
    context = {"diagnostics": []} | ({} if only is None else {"only": only})
    answer = await client.request(
        "textDocument/codeAction",
        {"textDocument": {"uri": URI}, "range": {"start": place, "end": place}, "context": context},
    )
    return list(answer["result"])


async def resolve(client: RawClient, line: int, title: str) -> Message:
    entry = next(it for it in await menu(client, line) if it["title"] == title)
    return await client.request("codeAction/resolve", entry)


async def told(client: RawClient) -> str:
    """Return what the person was told."""
    return str((await client.message("window/showMessage"))["params"]["message"])


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> dict[str, Any]:
    places = ({"line": line, "character": character} for line, character in (start, end))
    return {"range": dict(zip(("start", "end"), places, strict=True)), "newText": text}
