"""What an editor is told while an action is done: progress, the text as it is written, the end."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from support.code_actions import RESOLVES, SOURCE, URI, edited, menu, resolve
from support.lsp_client import Message, RawClient, running

SCRIPT = Path(__file__).with_name("watched.json")
SERVER = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{SCRIPT}")
PROGRESS = {"window": {"workDoneProgress": True}}
TITLE = "Simplify “add”"
STEPS = [
    "Loading the model",
    "Looking at other files",
    "Reading the file",
    "Writing",
    "Asking again: The result would not be valid python (in its line 1); try again.",
    "Reading the file",
    "Writing",
    "Checking",
]


@pytest.fixture
async def client() -> AsyncIterator[RawClient]:
    async with running(SERVER) as client:
        await client.initialize(
            capabilities=RESOLVES | PROGRESS,
            initializationOptions={"previewNotifications": True},
        )
        client.open(URI, SOURCE)
        yield client


async def agree(client: RawClient, number: int = 1) -> str:
    """Let the server show progress, and return its token."""
    asked = await client.message("window/workDoneProgress/create", number)
    client.send({"jsonrpc": "2.0", "id": asked["id"], "result": None})
    return str(asked["params"]["token"])


def told(client: RawClient, token: str) -> list[Message]:
    values = [it["params"] for it in client.all_of("$/progress")]
    return [it["value"] for it in values if it["token"] == token]


def stages(values: list[Message]) -> list[str]:
    return [it["message"].partition(",")[0] for it in values if "message" in it]


async def chosen(client: RawClient, line: int, title: str) -> Message:
    return next(it for it in await menu(client, (line, 5), (line, 5)) if it["title"] == title)


async def begun(client: RawClient, title: str) -> tuple[int, str]:
    """Choose an entry whose model never answers, and wait until it is read."""
    asked = client.start("codeAction/resolve", await chosen(client, 6, title))
    token = await agree(client)
    while "Reading the file" not in stages(told(client, token)):
        await client.message("$/progress", len(client.all_of("$/progress")) + 1)
    return asked, token


async def test_each_step_is_said_and_the_end(client: RawClient) -> None:
    answer = client.start("codeAction/resolve", await chosen(client, 0, TITLE))
    token = await agree(client)
    assert "edit" in (await client.response(answer))["result"]
    first, *_, last = values = told(client, token)
    assert (first["kind"], first["title"], first["cancellable"]) == ("begin", TITLE, True)
    assert last == {"kind": "end"}
    assert "percentage" not in first
    assert [it for it in stages(values) if it not in STEPS] == []


async def test_a_client_brings_its_own_progress_with_a_command() -> None:
    async with running(SERVER) as client:
        answer = await client.initialize(capabilities={})
        assert answer["capabilities"]["executeCommandProvider"]["workDoneProgress"]
        client.open(URI, SOURCE)
        command = (await chosen(client, 0, TITLE))["command"]
        await client.request("workspace/executeCommand", command | {"workDoneToken": "mine"})
        assert (await client.message("workspace/applyEdit"))["params"]["label"] == TITLE
        values = told(client, "mine")
    assert client.all_of("window/workDoneProgress/create") == []
    assert [it["kind"] for it in values] == ["begin", *["report"] * (len(values) - 2), "end"]
    assert without_repeats(stages(values)) == STEPS


def without_repeats(words: list[str]) -> list[str]:
    return [it for it, before in zip(words, ["", *words], strict=False) if it != before]


async def test_who_cancels_the_progress_gets_no_edit_and_no_message(client: RawClient) -> None:
    asked, token = await begun(client, "Handle errors in “unused”")
    client.notify("window/workDoneProgress/cancel", {"token": token})
    assert "edit" not in (await client.response(asked))["result"]
    assert told(client, token)[-1] == {"kind": "end"}
    # It is over, and another cancel means nothing.
    client.notify("window/workDoneProgress/cancel", {"token": token})
    assert await client.alive()
    assert client.all_of("window/showMessage") == []


async def test_who_cancels_the_request_gets_the_end_as_well(client: RawClient) -> None:
    asked, token = await begun(client, "Handle errors in “unused”")
    client.notify("$/cancelRequest", {"id": asked})
    assert (await client.response(asked))["error"]["code"] == -32800
    assert told(client, token)[-1] == {"kind": "end"}


async def test_what_is_written_is_shown_and_taken_away(client: RawClient) -> None:
    answer = await resolve(client, 0, TITLE)
    shown = [it["params"] for it in client.all_of("cloister/preview")]
    (written, *_), last = [it for it in shown if it["text"]], shown[-1]
    assert written | {"id": ""} == {
        "id": "",
        "uri": URI,
        "line": 0,
        "title": TITLE,
        "message": "Writing",
        "text": "Sure:\n",
    }
    assert (last["message"], last["text"]) == ("", "")
    assert {it["id"] for it in shown} == {written["id"]}
    assert without_repeats(stages(shown[:-1])) == STEPS
    assert edited(answer).count("sum(") == 1


@pytest.mark.parametrize("options", [None, {}, {"previewNotifications": "yes"}])
async def test_nothing_is_shown_to_who_does_not_ask_for_it(options: Any) -> None:
    async with running(SERVER) as client:
        await client.initialize(capabilities=RESOLVES, initializationOptions=options)
        client.open(URI, SOURCE)
        assert "edit" in (await resolve(client, 0, TITLE))["result"]
        assert client.all_of("cloister/preview") == []
        assert client.all_of("$/progress") == []
