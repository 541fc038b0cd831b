"""A better name through the real server: by somebody else in the editor, or by ourselves."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from support.code_actions import RESOLVES, SOURCE, URI, edited, menu
from support.lsp_client import Message, RawClient, running

SCRIPT = Path(__file__).with_name("renaming.json")
SERVER = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{SCRIPT}")
TOTAL, UNUSED = (2, 5), (6, 5)
BETTER = SOURCE.replace(
    "total = a + b\n    return total", "sum_of_both = a + b\n    return sum_of_both"
)


@pytest.fixture
async def client() -> AsyncIterator[RawClient]:
    """Have a client that renames through others, as both of our editors do."""
    async with running(SERVER) as client:
        await client.initialize(
            capabilities=RESOLVES, initializationOptions={"renameRequests": True}
        )
        client.open(URI, SOURCE)
        yield client


@pytest.fixture
async def plain_client() -> AsyncIterator[RawClient]:
    async with running(SERVER) as client:
        await client.initialize(capabilities=RESOLVES)
        client.open(URI, SOURCE)
        yield client


async def test_the_client_is_asked_and_has_done_it(client: RawClient) -> None:
    command = (await entry(client, UNUSED))["command"]
    asked = client.start("workspace/executeCommand", command)
    request = await client.message("cloister/rename")
    assert request["params"] == {
        "textDocument": {"uri": URI, "version": 1},
        "position": {"line": 6, "character": 4},
        "name": "unused",
        "newName": "same_as_given",
    }
    answer(client, request, {"done": True})
    assert (await client.response(asked))["result"] is None
    assert client.all_of("workspace/applyEdit") == []
    assert client.all_of("window/showMessage") == []


@pytest.mark.parametrize("said", [{"done": False}, None, [], {"done": "yes"}, {"reason": "no"}])
async def test_where_nobody_else_renames_a_local_name_is_renamed(
    client: RawClient, said: Any
) -> None:
    client.start("workspace/executeCommand", (await entry(client, TOTAL))["command"])
    answer(client, await client.message("cloister/rename"), said)
    applied = await client.message("workspace/applyEdit")
    assert edited({"result": applied["params"]}) == BETTER


async def test_an_error_of_the_client_is_no_rename(client: RawClient) -> None:
    client.start("workspace/executeCommand", (await entry(client, TOTAL))["command"])
    request = await client.message("cloister/rename")
    error = {"code": -32601, "message": "no such method"}
    client.send({"jsonrpc": "2.0", "id": request["id"], "error": error})
    applied = await client.message("workspace/applyEdit")
    assert edited({"result": applied["params"]}) == BETTER


async def test_other_names_stay_when_nobody_else_renames(client: RawClient) -> None:
    asked = client.start("workspace/executeCommand", (await entry(client, UNUSED))["command"])
    said = {"done": False, "reason": "It is\n\u202ea keyword."}
    answer(client, await client.message("cloister/rename"), said)
    await client.response(asked)
    told = (await client.message("window/showMessage"))["params"]["message"]
    assert told.startswith("“same_as_given” would be a better name, but no language server")
    assert "a keyword.)" in told
    assert "\u202e" not in told
    assert client.all_of("workspace/applyEdit") == []


async def test_a_document_that_changes_meanwhile_is_left_alone(client: RawClient) -> None:
    asked = client.start("workspace/executeCommand", (await entry(client, TOTAL))["command"])
    request = await client.message("cloister/rename")
    client.insert(URI, 2, 0, 0, "\n")
    answer(client, request, {"done": False})
    await client.response(asked)
    assert "has changed since" in (await client.message("window/showMessage"))["params"]["message"]
    assert client.all_of("workspace/applyEdit") == []


async def test_other_clients_get_an_edit_for_local_names(plain_client: RawClient) -> None:
    chosen = await entry(plain_client, TOTAL)
    assert "command" not in chosen
    assert edited(await plain_client.request("codeAction/resolve", chosen)) == BETTER
    assert plain_client.all_of("cloister/rename") == []


async def test_other_clients_are_told_what_renames_the_rest(plain_client: RawClient) -> None:
    resolved = await plain_client.request("codeAction/resolve", await entry(plain_client, UNUSED))
    assert "edit" not in resolved["result"]
    told = (await plain_client.message("window/showMessage"))["params"]["message"]
    assert told.endswith("install a language server for python, which renames it everywhere.")


async def test_a_variable_is_inlined_without_any_such_model() -> None:
    script = Path(__file__).with_name("actions.json")
    async with running((*SERVER[:-1], f"scripted:{script}")) as client:
        await client.initialize(capabilities=RESOLVES)
        client.open(URI, SOURCE)
        found = {it["title"]: it for it in await menu(client, TOTAL, TOTAL)}
        assert (
            "follows instructions" in found["Rename “total” to a better name"]["disabled"]["reason"]
        )
        chosen = found["Inline “total”"]
        assert (chosen["kind"], "disabled" in chosen) == ("refactor.inline", False)
        inlined = SOURCE.replace("    total = a + b\n    return total", "    return a + b")
        assert edited(await client.request("codeAction/resolve", chosen)) == inlined


@pytest.mark.parametrize(
    ("line", "title", "changed", "told"),
    [
        (2, "Inline “added”", "    print(add(1, 2))\n    return add(1, 2)\n", ""),
        (7, "Inline “one” into “two”", "    return 1 + 2\n", ""),
        (11, "Inline “left”", "", "The model left “left” in the code; try again."),
        (16, "Inline “more”", "", "The model changed lines that do not use “more”; try again."),
    ],
)
async def test_what_needs_understanding_is_inlined_by_a_model(
    line: int, title: str, changed: str, told: str
) -> None:
    async with running(SERVER) as client:
        await client.initialize(capabilities=RESOLVES)
        client.open(URI, INLINED)
        cursor = (
            line,
            INLINED.splitlines()[line].index(title.split("“")[1].split("”", maxsplit=1)[0]),
        )
        found = {it["title"]: it for it in await menu(client, cursor, cursor)}
        resolved = await client.request("codeAction/resolve", found[title])
        if told:
            assert "edit" not in resolved["result"]
            assert (await client.message("window/showMessage"))["params"]["message"] == told
        else:
            assert changed in edited(resolved, INLINED)


INLINED = '''\
def calls():
    """Say it."""
    added = add(1, 2)
    print(added)
    return added

def two():
    return one() + 2

def keeps():
    """Say it."""
    left = add(1, 2)
    print(left)
    return left

def changes():
    more = add(1, 2)
    print("more")
    print(more)
    print("a")
    return more

def one():
    return 1
'''


async def entry(client: RawClient, place: tuple[int, int]) -> Message:
    entries = await menu(client, place, place)
    return next(it for it in entries if it["title"].startswith("Rename"))


def answer(client: RawClient, request: Message, result: Any) -> None:
    client.send({"jsonrpc": "2.0", "id": request["id"], "result": result})
