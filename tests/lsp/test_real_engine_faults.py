"""An editor whose engine keeps dying, and one that withdraws faster than it can be answered."""

import os
import signal

import pytest

from support.engine_process import engine_pid, exit_of, private_engine
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
    ask,
    messages,
    opened,
    resident_bytes,
    status,
)

URI = "file:///project/a.py"
N_DEATHS = 6
N_CANCELLED = 500
MOST_GROWTH_BYTES = 50 * 1024 * 1024

pytestmark = pytest.mark.model


async def killed_during_a_request(client: RawClient, number: int) -> None:
    """Kill the engine while it owes an answer; ask until it has started again before."""
    line, version = f"value_{number} = {SELF}", 2 * number + 2
    client.change(URI, version, [{"text": BEFORE + line + AFTER}])
    # Until the pause is over every request is answered with nothing, at once.
    while not await answer(client, URI, line):
        assert await client.alive()
    pid = await engine_pid()
    os.kill(pid, signal.SIGSTOP)
    line = f"other_{number} = {SELF}"
    client.change(URI, version + 1, [{"text": BEFORE + line + AFTER}])
    waiting = ask(client, URI, line)
    for _ in range(20):
        assert await client.alive()
    assert waiting not in client.responses
    os.kill(pid, signal.SIGKILL)
    assert (await client.response(waiting))["result"] == {"items": []}
    await exit_of(pid)


async def test_e03_after_six_deaths_it_is_off_with_one_message_and_a_restart_helps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with private_engine(monkeypatch):
        async with running(CLOISTER_LSP) as client:
            await client.initialize(initializationOptions=EVERYTHING)
            await opened(client, URI)
            for number in range(N_DEATHS):
                await killed_during_a_request(client, number)
            for _ in range(3):
                assert await answer(client, URI, f"other_{N_DEATHS - 1} = {SELF}") == ""
            off = [message for message in messages(client) if "is off now" in message]
            assert len(off) == 1
            assert "restart the editor" in off[0]
            assert await client.bye() == 0
        async with running(CLOISTER_LSP) as client:
            await client.initialize(initializationOptions=EVERYTHING)
            await opened(client, URI)
            assert await answer(client, URI) == SELF_ANSWER
            assert messages(client) == []
            assert await client.bye() == 0


async def test_e06_requests_that_are_all_cancelled_among_edits_leave_nothing_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with private_engine(monkeypatch), running(CLOISTER_LSP) as client:
        await client.initialize(initializationOptions=EVERYTHING)
        await opened(client, URI)
        assert await answer(client, URI) == SELF_ANSWER
        pid = await engine_pid()
        pids = (client.process.pid, pid)
        before = [resident_bytes(process_id) for process_id in pids]
        asked, line = list[int](), SELF
        for number in range(N_CANCELLED):
            if number % 50 == 0:  # a line like any other again
                line = SELF
                client.change(URI, 3 * number + 2, [{"text": BEFORE + line + AFTER}])
            client.insert(URI, 3 * number + 3, LINE, START + len(line), "x")
            asked.append(ask(client, URI, line + "x"))
            client.insert(URI, 3 * number + 4, LINE, START + len(line) + 1, "y")
            # The server answers in order, so by then it works on the request.
            assert await client.alive()
            client.notify("$/cancelRequest", {"id": asked[-1]})
            line += "xy"
        answers = [await client.response(message_id) for message_id in asked]
        assert all(len(client.responses[message_id]) == 1 for message_id in asked)
        assert {found.get("error", {}).get("code") for found in answers} <= {None, -32800}
        counts = (await status(client))["counts"]
        assert sum(counts.values()) == N_CANCELLED + 1
        assert counts["cancelled"] > 0
        assert "failed" not in counts
        growth = [
            resident_bytes(process_id) - was for process_id, was in zip(pids, before, strict=True)
        ]
        assert max(growth) < MOST_GROWTH_BYTES
        client.change(URI, 3 * N_CANCELLED + 2, [{"text": BEFORE + SELF + AFTER}])
        assert await answer(client, URI) == SELF_ANSWER
        assert await engine_pid() == pid
        assert messages(client) == []
        assert await client.bye() == 0
