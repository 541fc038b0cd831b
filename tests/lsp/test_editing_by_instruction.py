"""What the person says is done: asked for by the server, in an editor that can ask for words."""

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from support.code_actions import RESOLVES, SOURCE, URI, edited, menu
from support.lsp_client import Message, RawClient, running

PLACE = (7, 5)
TITLE = "Edit “unused” by instruction…"
WISH = "Say what comes in"
WRITTEN = "def unused(a):\n    print(a)\n    result = a\n    return a"
WANTED = SOURCE.replace("def unused(a):\n", "def unused(a):\n    print(a)\n")


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[RawClient]:
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"rules": [{"instruction": WISH, "text": WRITTEN}]}))
    server = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{script}")
    async with running(server) as client:
        yield client


async def test_the_words_are_asked_for_and_done(client: RawClient) -> None:
    asked = await chosen(client)
    request = await client.message("cloister/instruct")
    assert request["params"] == {"title": TITLE}
    answer(client, request, {"text": f"  {WISH}\n"})
    applied = await client.message("workspace/applyEdit")
    assert edited({"result": applied["params"]}) == WANTED
    assert (await client.response(asked))["result"] is None


@pytest.mark.parametrize("said", [None, {}, {"text": "  "}, {"text": 5}, [], "words"])
async def test_nothing_is_done_when_nothing_is_said(client: RawClient, said: Any) -> None:
    asked = await chosen(client)
    answer(client, await client.message("cloister/instruct"), said)
    assert (await client.response(asked))["result"] is None
    assert client.all_of("workspace/applyEdit") == []
    assert client.all_of("window/showMessage") == []


async def test_a_document_that_changes_while_words_are_asked_for_is_left_alone(
    client: RawClient,
) -> None:
    asked = await chosen(client)
    request = await client.message("cloister/instruct")
    client.insert(URI, 2, 0, 0, "\n")
    answer(client, request, {"text": WISH})
    await client.response(asked)
    assert "has changed since" in (await client.message("window/showMessage"))["params"]["message"]
    assert client.all_of("workspace/applyEdit") == []


async def test_a_selection_comes_before_the_definition(client: RawClient) -> None:
    await begin(client)
    titles = [it["title"] for it in await menu(client, (7, 4), (8, 12))]
    assert "Edit the selection by instruction…" in titles
    assert TITLE not in titles


async def test_an_editor_that_cannot_ask_is_not_offered_it(client: RawClient) -> None:
    await client.initialize(capabilities=RESOLVES)
    client.open(URI, SOURCE)
    titles = [it["title"] for it in await menu(client, PLACE, PLACE)]
    assert titles
    assert not any("by instruction" in title for title in titles)


async def begin(client: RawClient) -> None:
    options = {"instructionRequests": True}
    await client.initialize(capabilities=RESOLVES, initializationOptions=options)
    client.open(URI, SOURCE)


async def chosen(client: RawClient) -> int:
    await begin(client)
    entry = next(it for it in await menu(client, PLACE, PLACE) if it["title"] == TITLE)
    return client.start("workspace/executeCommand", entry["command"])


def answer(client: RawClient, request: Message, said: Any) -> None:
    client.send({"jsonrpc": "2.0", "id": request["id"], "result": said})
