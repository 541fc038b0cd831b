"""Documents that nobody should write, completed by the real engine: no harm is done."""

import random
import re
from collections.abc import AsyncIterator

import pytest

from support.engine_process import engine_pid, private_engine
from support.lsp_client import RawClient, running
from support.real_server import (
    AFTER,
    BEFORE,
    CLOISTER_LSP,
    EVERYTHING,
    LINE,
    SELF,
    SELF_ANSWER,
    START,
    answer,
    messages,
    opened,
    status,
)

URI, HOSTILE = "file:///project/a.py", "file:///project/hostile.py"
N_LINES = 200_000
SAMPLE = BEFORE + SELF

pytestmark = pytest.mark.model


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RawClient]:
    """Return a client of a server whose model is in memory."""
    async with private_engine(monkeypatch), running(CLOISTER_LSP) as client:
        await client.initialize(initializationOptions=EVERYTHING)
        await opened(client, URI)
        assert await answer(client, URI) == SELF_ANSWER
        client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        yield client


def end_of(text: str) -> tuple[int, int]:
    """Return the line and the UTF-16 character at the end of `text`."""
    lines = re.split("\r\n|\r|\n", text)
    return len(lines) - 1, len(lines[-1].encode("utf-16-le", "surrogatepass")) // 2


async def unharmed(client: RawClient) -> None:
    """Check that ordinary code is completed as ever and that nobody was told anything."""
    await opened(client, URI)
    assert await answer(client, URI) == SELF_ANSWER
    assert messages(client) == []
    assert "failed" not in (await status(client))["counts"]
    assert await client.bye() == 0


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
async def test_a_document_of_200_000_lines_is_edited_and_completed(
    client: RawClient, newline: str
) -> None:
    filler = f"value = 1{newline}" * (N_LINES // 2)
    client.open(HOSTILE, filler + (BEFORE + SELF + AFTER).replace("\n", newline) + filler)
    line, character = N_LINES // 2 + LINE, START + len(SELF)
    assert await client.completed(HOSTILE, line, character) != ""
    for number in range(10):  # far away, before and after
        client.insert(HOSTILE, 2 * number + 2, number * 1000, 0, "# far away ")
        client.insert(HOSTILE, 2 * number + 3, N_LINES - number * 1000, 0, "# far away ")
    client.insert(HOSTILE, 22, line, character, "x")
    await client.completed(HOSTILE, line, character + 1)
    newest = (await status(client))["outcomes"][0]
    assert newest["prompt_tokens"] > 100
    # What is far away was not read, so the engine still knows everything but the letter.
    assert 0 < newest["evaluated_tokens"] <= 4
    await unharmed(client)


def noise(n_chars: int) -> str:
    """Return text of any characters that JSON can carry, lone surrogates among them."""
    alphabet = [chr(code) for code in range(1, 0x3000)] + ["\ud83d", "\udca5", "💥", "\u202e"]
    return "".join(random.Random(1).choices(alphabet, k=n_chars))  # noqa: S311  # no secret


TEXTS = {
    "nothing": "",
    "one character": "x",
    "empty lines": "\n" * N_LINES,
    "noise": noise(200_000),
    "noise before code": noise(200_000) + "\n" + SAMPLE,
    "NUL": "\0" * 10_000 + "\n" + SAMPLE,
    "NUL far away": "\0" + "x = 1\n" * 10_000 + SAMPLE,
    "a line of five million characters": "x = '" + "a" * 5_000_000,
    "such a line before code": "x = '" + "a" * 5_000_000 + "'\n" + SAMPLE,
    "open brackets": "[\n" * 100_000 + SAMPLE,
    "open quotes": '"""\n' * 100_001 + SAMPLE,
    "deep blocks": "".join(f"{' ' * depth}if x:\n" for depth in range(500)) + " " * 500 + "x.",
    "tabs": "\t" * 1_500 + "self.",
    "invisible characters": "\u202e\u200b\u2066" * 100 + "\n" + SAMPLE,
    "lone surrogates": "\ud83d = 1\n\udca5 = \ud83d.",
    "markers of the model": "<|fim_prefix|><|fim_middle|>" * 50 + "\n" + SAMPLE,
    "combining characters": "e" + "\u0301" * 1_900,
    "form feeds": "\f\v\x1c\x85\u2028\u2029" * 1_000 + "x = ",
}


@pytest.mark.parametrize("name", TEXTS)
async def test_any_text_gets_one_answer_and_harms_nothing(client: RawClient, name: str) -> None:
    text = TEXTS[name]
    client.open(HOSTILE, text)
    line, character = end_of(text)
    pid = await engine_pid()
    places = [(line, character), (line // 2, 0), (0, 0), (line + 7, 2**31 - 1)]
    asked = []
    for place in places:
        asked.append(client.complete(HOSTILE, *place, trigger=1))
        found = await client.response(asked[-1])
        for item in found["result"]["items"]:
            assert item["range"]["start"]["line"] == item["range"]["end"]["line"]
            assert "\0" not in item["insertText"]
            item["insertText"].encode()  # no lone surrogates
    for version in range(2, 5):
        client.insert(HOSTILE, version, line, character, "\nx = ")
        line, character = line + 1, 4
        asked.append(client.complete(HOSTILE, line, character))
        await client.response(asked[-1])
    client.change(HOSTILE, 5, [{"text": ""}])
    await client.completed(HOSTILE, 0, 0)
    assert all(len(client.responses[message_id]) == 1 for message_id in asked)
    assert await engine_pid() == pid
    await unharmed(client)


URIS = [
    "untitled:Untitled-1",
    "file:///",
    "file://",
    "file:",
    "",
    "git:/project/a.py?ref",
    "file:///project/%FF%FE.py",
    "file:///project/a%00b.py",
    "file:///project/a%0Ab.py",
    "file:///" + "long/" * 5_000 + "a.py",
    "\ud83d",
]


async def test_a_document_by_any_name_is_completed(client: RawClient) -> None:
    for uri in URIS:
        assert await answer(client, uri) == ""  # never opened
        client.insert(uri, 2, 0, 0, "x")
        await opened(client, uri)
        assert await answer(client, uri) != "", uri[:80]
        client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert await answer(client, uri) == ""
    await unharmed(client)


async def test_documents_never_opened_do_not_reach_the_engine(client: RawClient) -> None:
    before = (await status(client))["counts"]
    for uri in (HOSTILE, "untitled:Untitled-1", "file:///", ""):
        assert await client.completed(uri, 0, 0) == ""
        assert await client.completed(uri, 2**31 - 1, 2**31 - 1) == ""
    assert (await status(client))["counts"] == before
    await unharmed(client)
