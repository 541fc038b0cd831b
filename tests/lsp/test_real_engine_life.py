"""The engine loads, is asked in vain, hangs and dies: what the editor notices of it."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import pytest

from cloister.engine.launch import ensure_engine
from cloister.engine.paths import engine_paths
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
    configure,
    messages,
    opened,
    resident_bytes,
    status,
)

URI, OTHER_URI = "file:///project/a.py", "file:///project/b.py"
TYPED = "size = 10; self.name"
SHOWS_PROGRESS = {"window": {"workDoneProgress": True}}

pytestmark = pytest.mark.model


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RawClient]:
    """Return a client of a server that was just started and has no engine yet."""
    async with private_engine(monkeypatch), running(CLOISTER_LSP) as client:
        yield client


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """Stop a process for the length of the block: what is asked of it surely waits."""
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


async def ready(client: RawClient) -> int:
    """Bring the model into memory and return the pid of the engine."""
    await client.initialize(initializationOptions=EVERYTHING)
    await opened(client, URI)
    assert await answer(client, URI) == SELF_ANSWER
    return await engine_pid()


async def reached(client: RawClient, uri: str) -> int:
    """Start a request that the engine surely has when this returns; it must be stopped."""
    message_id = ask(client, uri)
    # A request takes a few turns of the server's loop to get there, and so does each of these.
    for _ in range(20):
        assert await client.alive()
    assert message_id not in client.responses
    return message_id


async def test_loading_is_shown_from_its_begin_to_its_end(client: RawClient) -> None:
    await asyncio.to_thread(ensure_engine, engine_paths(), 60)
    pid = await engine_pid()
    await client.initialize(capabilities=SHOWS_PROGRESS, initializationOptions=EVERYTHING)
    client.open(URI, BEFORE + SELF + AFTER)
    create = await client.message("window/workDoneProgress/create")
    # Stopped, so that the model cannot be there before the editor has answered.
    with stopped(pid):
        client.send({"jsonrpc": "2.0", "id": create["id"], "result": None})
        await client.message("$/progress")
    assert await answer(client, URI) == SELF_ANSWER
    progress = [message["params"] for message in client.all_of("$/progress")]
    assert {params["token"] for params in progress} == {create["params"]["token"]}
    values = [params["value"] for params in progress]
    assert values[0] == {
        "kind": "begin",
        "title": "Loading cloister-starter-v0",
        "cancellable": False,
        "percentage": 0,
    }
    percentages = [value["percentage"] for value in values[:-1]]
    assert percentages == sorted(percentages)
    assert [value["kind"] for value in values[1:]] == ["report"] * (len(values) - 2) + ["end"]
    await opened(client, OTHER_URI)
    assert await answer(client, OTHER_URI) == SELF_ANSWER
    assert len(client.all_of("window/workDoneProgress/create")) == 1
    assert await client.bye() == 0


async def test_typing_evaluates_a_few_tokens_a_key(client: RawClient) -> None:
    await ready(client)
    outcomes = []
    for end in range(1, len(TYPED) + 1):
        client.insert(URI, end + 1, LINE, START + len(SELF) + end - 1, TYPED[end - 1])
        await answer(client, URI, SELF + TYPED[:end])
        outcomes.append((await status(client))["outcomes"][0])
    evaluated = [outcome["evaluated_tokens"] for outcome in outcomes if outcome["prompt_tokens"]]
    # Where the model foresaw what is typed, nobody asks it again.
    assert len(evaluated) >= 5
    assert max(evaluated) <= 4
    assert min(outcome["prompt_tokens"] for outcome in outcomes if outcome["prompt_tokens"]) > 40
    assert messages(client) == []
    assert await client.bye() == 0


async def test_a_superseded_request_is_answered_at_once_and_the_newest_with_text(
    client: RawClient,
) -> None:
    pid = await ready(client)
    await opened(client, OTHER_URI)
    with stopped(pid):
        old = [ask(client, OTHER_URI) for _ in range(5)]
        newest = ask(client, OTHER_URI)
        for message_id in old:
            assert (await client.response(message_id))["result"] == {"items": []}
        assert newest not in client.responses
    items = (await client.response(newest))["result"]["items"]
    assert [item["insertText"] for item in items] == [SELF_ANSWER]
    counts = (await status(client))["counts"]
    assert counts == {"shown": 2, "cancelled": 5, "accepted": 0}
    assert await client.bye() == 0


async def test_a_cancelled_request_is_answered_so_although_the_engine_is_silent(
    client: RawClient,
) -> None:
    pid = await ready(client)
    await opened(client, OTHER_URI)
    with stopped(pid):
        waiting = ask(client, OTHER_URI)
        client.notify("$/cancelRequest", {"id": waiting})
        assert (await client.response(waiting))["error"]["code"] == -32800
    assert await answer(client, OTHER_URI) == SELF_ANSWER
    assert (await status(client))["counts"] == {"shown": 2, "cancelled": 1, "accepted": 0}
    assert await client.bye() == 0


async def test_e04_a_silent_engine_costs_the_deadline_and_nobody_hears_of_it(
    client: RawClient,
) -> None:
    pid = await ready(client)
    configure(client, {"completion": {"minConfidence": 0, "deadlineMs": 100}})
    await opened(client, OTHER_URI)
    with stopped(pid):
        assert await answer(client, OTHER_URI) == ""
    assert (await status(client))["outcomes"][0]["kind"] == "late"
    configure(client, EVERYTHING)
    assert await answer(client, OTHER_URI) == SELF_ANSWER
    assert await engine_pid() == pid
    assert messages(client) == []
    assert await client.bye() == 0


async def test_an_engine_killed_between_requests_is_not_missed(client: RawClient) -> None:
    pid = await ready(client)
    await opened(client, OTHER_URI)
    os.kill(pid, signal.SIGKILL)
    await exit_of(pid)
    assert await answer(client, OTHER_URI) == SELF_ANSWER
    assert await engine_pid() != pid
    assert messages(client) == []
    assert (await status(client))["counts"] == {"shown": 2, "accepted": 0}
    assert await client.bye() == 0


async def test_e03_an_engine_killed_during_a_request_costs_one_empty_answer(
    client: RawClient,
) -> None:
    pid = await ready(client)
    await opened(client, OTHER_URI)
    os.kill(pid, signal.SIGSTOP)
    waiting = await reached(client, OTHER_URI)
    os.kill(pid, signal.SIGKILL)
    assert (await client.response(waiting))["result"] == {"items": []}
    await exit_of(pid)
    assert await answer(client, OTHER_URI) == SELF_ANSWER
    assert await answer(client, URI) == SELF_ANSWER
    assert (await status(client))["state"] == "ready"
    assert (await status(client))["counts"] == {"shown": 3, "failed": 1, "accepted": 0}
    assert len(messages(client)) <= 1
    assert await client.bye() == 0


async def test_e03_an_engine_killed_while_it_loads_costs_no_more(client: RawClient) -> None:
    await asyncio.to_thread(ensure_engine, engine_paths(), 60)
    pid = await engine_pid()
    os.kill(pid, signal.SIGSTOP)
    await client.initialize(initializationOptions=EVERYTHING)
    await opened(client, URI)
    waiting = await reached(client, URI)
    os.kill(pid, signal.SIGKILL)
    await exit_of(pid)
    await client.response(waiting)
    assert await answer(client, URI) == SELF_ANSWER
    assert len(messages(client)) <= 1
    assert await client.bye() == 0


async def test_e07_a_server_that_is_killed_leaves_no_engine_behind(
    client: RawClient,
) -> None:
    options = EVERYTHING | {"engine": {"idleSeconds": 0}}
    await client.initialize(initializationOptions=options)
    await opened(client, URI)
    assert await answer(client, URI) == SELF_ANSWER
    pid = await engine_pid()
    client.process.kill()
    assert await client.ended() == -signal.SIGKILL
    await exit_of(pid)
    assert not engine_paths().socket.exists()


N_KEYSTROKES = 1000
N_BURST = 10
MOST_GROWTH_BYTES = 50 * 1024 * 1024


async def test_e06_a_thousand_keystrokes_in_bursts_get_one_answer_each(client: RawClient) -> None:
    choose = random.Random(1)  # noqa: S311  # no secret
    pid = await ready(client)
    pids = (client.process.pid, pid)
    before = [resident_bytes(process_id) for process_id in pids]
    asked, line = list[int](), SELF
    for keystroke in range(N_KEYSTROKES):
        if keystroke % 100 == 0:  # a line like any other again
            line = SELF
            client.change(URI, 2 * keystroke + 2, [{"text": BEFORE + line + AFTER}])
        key = choose.choice("abcdefgh_. =(")
        client.insert(URI, 2 * keystroke + 3, LINE, START + len(line), key)
        line += key
        if asked and choose.random() < 0.3:  # as VS Code does; Neovim does not
            client.notify("$/cancelRequest", {"id": asked[-1]})
        asked.append(ask(client, URI, line))
        if keystroke % N_BURST == N_BURST - 1:  # the burst is over
            await client.response(asked[-1])
    answers = [await client.response(message_id) for message_id in asked]
    assert all(len(client.responses[message_id]) == 1 for message_id in asked)
    assert {found.get("error", {}).get("code") for found in answers} <= {None, -32800}
    counts = (await status(client))["counts"]
    assert sum(counts.values()) == N_KEYSTROKES + 1
    assert "failed" not in counts
    assert "late" not in counts
    # Nobody cancelled the last of a burst, so each of them was worked on to its end.
    assert counts["cancelled"] <= N_KEYSTROKES - N_KEYSTROKES / N_BURST
    growth = [
        resident_bytes(process_id) - was for process_id, was in zip(pids, before, strict=True)
    ]
    assert max(growth) < MOST_GROWTH_BYTES
    # The text went through all of it unharmed.
    client.change(URI, 2 * N_KEYSTROKES + 2, [{"text": BEFORE + SELF + AFTER}])
    assert await answer(client, URI) == SELF_ANSWER
    assert await engine_pid() == pid
    assert messages(client) == []
    assert await client.bye() == 0
