"""What the server believes the documents hold, seen through the answers it gives."""

import json
import random

import pytest

from support.lsp_client import frame, running

URI = "file:///a.py"
PIECES = ["\r", "\n", "\r\n", "\f", "\u2028", "a", "é", "e\u0301", "💥", "\ud83d"]
CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}


def position(value: str, offset: int, encoding: str) -> dict[str, int]:
    """Return a position by counting, character by character."""
    codec, unit_bytes = CODECS[encoding]
    line, start = 0, 0
    for index in range(offset):
        if value[index] == "\n" or (value[index] == "\r" and value[index : index + 2] != "\r\n"):
            line, start = line + 1, index + 1
    units = len(value[start:offset].encode(codec, "surrogatepass")) // unit_bytes
    return {"line": line, "character": units}


def between(value: str, offset: int) -> int:
    """Move an offset that stands in the middle of a terminator, where no position points."""
    return offset - (value[offset - 1 : offset + 1] == "\r\n")


@pytest.mark.parametrize("encoding", CODECS)
async def test_l02_random_edits_leave_the_text_of_the_reference(encoding: str) -> None:
    choose = random.Random(encoding)  # noqa: S311  # no secret
    capabilities = {"general": {"positionEncodings": ["utf-7", encoding, "utf-16"]}}
    async with running() as client:
        answer = await client.initialize(capabilities=capabilities)
        assert answer["capabilities"]["positionEncoding"] == encoding
        value = ""
        client.open(URI, value)
        for version in range(2, 300):
            ends = sorted(between(value, choose.randint(0, len(value))) for _ in range(2))
            new = "".join(choose.choices(PIECES, k=choose.randint(0, 4)))
            places = [position(value, end, encoding) for end in ends]
            if choose.random() < 0.1:  # an inverted range means the same
                places.reverse()
            changed = {"start": places[0], "end": places[1]}
            client.change(URI, version, [{"range": changed, "text": new}])
            value = value[: ends[0]] + new + value[ends[1] :]
            cursor = between(value, choose.randint(0, len(value)))
            place = position(value, cursor, encoding)
            told = await client.completed(URI, place["line"], place["character"])
            assert told == f"v{version} n{len(value)} @{cursor} automatic"


async def test_utf_16_is_spoken_without_an_agreement() -> None:
    async with running() as client:
        answer = await client.initialize()
        assert answer["capabilities"]["positionEncoding"] == "utf-16"
        client.open(URI, "💥a")
        assert "@1 " in await client.completed(URI, 0, 2)


async def test_l02_positions_outside_the_text_move_to_its_nearest_place() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "ab\ncd\n")
        assert "@2 " in await client.completed(URI, 0, 2**31 - 1)
        assert "@6 " in await client.completed(URI, 2**31 - 1, 5)
        assert "@6 " in await client.completed(URI, 2, 0)


async def test_documents_never_opened_are_answered_with_nothing() -> None:
    async with running() as client:
        await client.initialize()
        for uri in (URI, "", "untitled:Untitled-1", "file:///", "\ud83d", "no uri"):
            assert await client.completed(uri, 0, 0) == ""
        client.insert(URI, 1, 0, 0, "x")
        assert await client.completed(URI, 0, 0) == ""


async def test_documents_that_are_no_files_are_completed_too() -> None:
    async with running() as client:
        await client.initialize()
        for uri in ("untitled:Untitled-1", "file:///", "", "git:/a?b", "\ud83d"):
            client.open(uri, "ab")
            assert await client.completed(uri, 0, 2) == "v1 n2 @2 automatic"


async def test_a_closed_document_is_answered_with_nothing() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "ab")
        client.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
        assert await client.completed(URI, 0, 2) == ""


async def test_l02_an_edit_that_is_not_newer_gets_nothing_until_the_whole_text_comes() -> None:
    async with running() as client:
        await client.initialize()
        for version in (5, 4, 0, -3):
            client.open(URI, "hold", version=5)
            waiting = client.complete(URI, 0, 4)
            client.insert(URI, version, 0, 0, "x")
            assert (await client.response(waiting))["error"]["code"] == -32801
            client.insert(URI, 6, 0, 0, "x")
            assert await client.completed(URI, 0, 1) == ""
            client.change(URI, 7, [{"text": "whole"}])
            assert await client.completed(URI, 0, 1) == "v7 n5 @1 automatic"


async def test_l02_versions_may_be_skipped() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "ab")
        client.insert(URI, 2000, 0, 0, "x")
        assert await client.completed(URI, 0, 0) == "v2000 n3 @0 automatic"


async def test_an_edit_that_cannot_be_read_loses_the_document_until_it_is_opened() -> None:
    nowhere = {"start": {"line": -1, "character": 0}, "end": {"line": 0, "character": 0}}
    unreadable = [{"range": nowhere, "text": ""}, {"range": 5, "text": "x"}, {"range": {}}, 5]
    async with running() as client:
        await client.initialize()
        for change in unreadable:
            client.open(URI, "ab")
            client.notify(
                "textDocument/didChange",
                {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [change]},
            )
            assert await client.completed(URI, 0, 0) == "", change
            client.open(URI, "new", version=1)
            assert await client.completed(URI, 0, 0) == "v1 n3 @0 automatic"


async def test_an_answer_belongs_to_the_text_at_the_moment_of_the_question() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "ab")
        # All in one write: the server has the edit before it can begin to think about the answer.
        params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 2}}
        ask = {"jsonrpc": "2.0", "id": "early", "method": "textDocument/inlineCompletion"}
        edit = {"jsonrpc": "2.0", "method": "textDocument/didChange"}
        change = {
            "textDocument": {"uri": URI, "version": 2},
            "contentChanges": [{"text": "something else"}],
        }
        bodies = [
            ask | {"params": params | {"context": {"triggerKind": 1}}},
            edit | {"params": change},
        ]
        client.send_raw(b"".join(frame(json.dumps(body).encode()) for body in bodies))
        items = (await client.response("early"))["result"]["items"]
        assert items[0]["insertText"] == "v1 n2 @2 invoked"


async def test_a_large_document_is_edited() -> None:
    async with running() as client:
        await client.initialize()
        n_lines = 200_000
        client.open(URI, "x = 1\n" * n_lines)
        for version in range(2, 12):
            client.insert(URI, version, version * 1000, 5, "0")
        told = await client.completed(URI, n_lines, 0)
        n_chars = n_lines * 6 + 10
        assert told == f"v11 n{n_chars} @{n_chars} automatic"


async def test_binary_text_is_text() -> None:
    value = "".join(map(chr, range(256))) * 100
    async with running() as client:
        await client.initialize()
        client.open(URI, value)
        assert f"n{len(value)} " in await client.completed(URI, 0, 1)
