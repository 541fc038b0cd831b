"""Somebody types: bursts, cancels, supersessions; every question gets exactly one answer."""

import random
from pathlib import Path

from support.lsp_client import running

URI = "file:///a.py"
N_KEYSTROKES = 1000
MOST_GROWTH_BYTES = 50 * 1024 * 1024


def resident_bytes(process_id: int) -> int:
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


async def test_a_thousand_keystrokes_get_one_answer_each() -> None:
    choose = random.Random(1)  # noqa: S311  # no secret
    async with running() as client:
        await client.initialize()
        uris = [URI, "file:///b.py"]
        versions, asked = dict.fromkeys(uris, 1), list[int]()
        for uri in uris:
            client.open(uri, "")
        assert await client.alive()
        resident_before = resident_bytes(client.process.pid)
        for keystroke in range(N_KEYSTROKES):
            uri = choose.choice(uris)
            key = choose.choice(["hold", "hold", "x", "crash", "💥"])
            if asked and choose.random() < 0.5:  # as VS Code does; Neovim does not
                client.notify("$/cancelRequest", {"id": asked[-1]})
            versions[uri] += 1
            client.insert(uri, versions[uri], 0, 2**31 - 1, key)
            asked.append(client.complete(uri, 0, 2**31 - 1))
            if keystroke % 50 == 0:  # the burst is over
                await client.alive()
        for uri in uris:
            client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        answers = [await client.response(message_id) for message_id in asked]
        status = await client.request("workspace/executeCommand", {"command": "cloister.status"})
        assert all(len(client.responses[message_id]) == 1 for message_id in asked)
        assert {answer.get("error", {}).get("code") for answer in answers} == {None, -32800}
        # A superseded request takes a few turns to leave; they must not pile up.
        assert status["result"]["most_running"] <= 2 * len(uris)
        assert resident_bytes(client.process.pid) - resident_before < MOST_GROWTH_BYTES
        assert client.all_of("window/showMessage") == []
        assert await client.bye() == 0


async def test_a_superseded_request_is_answered_at_once_with_nothing() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "hold")
        first, second = client.complete(URI, 0, 4), client.complete(URI, 0, 4)
        assert (await client.response(first))["result"] == {"items": []}
        assert second not in client.responses


async def test_what_a_superseded_request_still_brings_is_not_shown() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "stale")
        first, second = client.complete(URI, 0, 5), client.complete(URI, 0, 1)
        assert (await client.response(first))["result"] == {"items": []}
        assert (await client.response(second))["result"]["items"] != []


async def test_a_cancelled_request_is_answered_so_and_its_work_is_stopped() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "hold")
        waiting = client.complete(URI, 0, 4)
        client.notify("$/cancelRequest", {"id": waiting})
        assert (await client.response(waiting))["error"]["code"] == -32800
        status = await client.request("workspace/executeCommand", {"command": "cloister.status"})
        assert status["result"]["cancelled"] == 1


async def test_documents_do_not_supersede_each_other() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "hold")
        client.open("file:///b.py", "x")
        waiting = client.complete(URI, 0, 4)
        assert await client.completed("file:///b.py", 0, 1) != ""
        assert waiting not in client.responses


async def test_a_cancel_after_the_answer_changes_nothing() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "x")
        done = client.complete(URI, 0, 1)
        await client.response(done)
        client.notify("$/cancelRequest", {"id": done})
        assert await client.alive()
        assert len(client.responses[done]) == 1


async def test_an_error_inside_is_an_empty_answer() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "crash")
        assert await client.completed(URI, 0, 5) == ""
        assert client.all_of("window/showMessage") == []
