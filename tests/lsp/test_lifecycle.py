"""What may be asked when, and how the process ends: over real pipes, as the specification says."""

import asyncio
import os
import signal
import sys
from typing import Any

import pytest

from support.lsp_client import SCRIPTED_SESSION, environment, frame, running

URI = "file:///a.py"


def code(answer: dict[str, Any]) -> int | None:
    return answer["error"]["code"] if "error" in answer else None


async def test_l01_requests_before_initialize_are_refused_and_notifications_ignored() -> None:
    async with running() as client:
        client.open(URI, "a\n")
        assert code(await client.request("shutdown")) == -32002
        assert code(await client.response(client.complete(URI, 0, 1))) == -32002
        await client.initialize()
        assert await client.completed(URI, 0, 1) == ""


async def test_a_second_initialize_is_refused_and_changes_nothing() -> None:
    async with running() as client:
        await client.initialize()
        assert code(await client.request("initialize", {"capabilities": {}})) == -32600
        assert await client.alive()


async def test_an_unreadable_initialize_can_be_repeated() -> None:
    async with running() as client:
        assert code(await client.request("initialize", {"capabilities": 5})) == -32602
        assert "capabilities" in await client.initialize()


async def test_l01_requests_after_shutdown_are_refused() -> None:
    async with running() as client:
        await client.initialize()
        assert (await client.request("shutdown"))["result"] is None
        assert code(await client.request("shutdown")) == -32600
        assert code(await client.request("$/anything")) == -32600
        client.notify("exit")
        assert await client.ended() == 0


async def test_unknown_requests_are_refused_and_unknown_notifications_ignored() -> None:
    async with running() as client:
        await client.initialize()
        client.notify("$/unknown", {"a": 1})
        client.notify("unknown/notification", [1])
        client.notify("$/setTrace", {"value": "verbose"})
        client.notify("textDocument/didSave", {"textDocument": {"uri": URI}})
        assert code(await client.request("$/unknown")) == -32601
        assert code(await client.request("textDocument/hover", {})) == -32601
        assert await client.bye() == 0


async def test_l01_exit_without_shutdown_is_an_error() -> None:
    async with running() as client:
        await client.initialize()
        client.notify("exit")
        assert await client.ended() == 1


async def test_exit_before_initialize_is_heard() -> None:
    async with running() as client:
        client.notify("exit")
        assert await client.ended() == 1


@pytest.mark.parametrize("goodbye", [True, False])
async def test_e07_the_end_of_stdin_is_the_end(goodbye: bool) -> None:  # noqa: FBT001  # a case
    async with running() as client:
        await client.initialize()
        if goodbye:
            await client.request("shutdown")
        client.close_stdin()
        assert await client.ended() == (0 if goodbye else 1)


async def test_everything_before_the_end_of_stdin_is_answered() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "a\n")
        completion, shutdown = client.complete(URI, 0, 1), client.start("shutdown")
        client.notify("exit")
        client.close_stdin()
        assert await client.ended() == 0
        await client.response(shutdown)
        assert "result" in await client.response(completion)


async def test_requests_that_wait_at_the_end_are_answered_as_cancelled() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "linger")
        waiting = client.complete(URI, 0, 6)
        assert await client.bye() == 0
        assert code(await client.response(waiting)) == -32800


@pytest.mark.parametrize("trouble", ["hang", "block", "slow close"])
async def test_e07_nothing_that_hangs_can_keep_the_process(trouble: str) -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, trouble)
        client.complete(URI, 0, len(trouble))
        client.close_stdin()
        assert await client.ended() == 1


async def test_a_hanging_request_does_not_change_a_proper_goodbye() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "hang")
        client.complete(URI, 0, 4)
        assert await client.bye() == 0


async def test_e07_the_process_ends_with_its_editor_although_stdin_stays_open() -> None:
    editor = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE
    )
    async with running() as client:
        await client.initialize(processId=editor.pid)
        assert await client.alive()
        editor.kill()
        await editor.wait()
        assert await client.ended() == 1


async def test_an_editor_in_another_process_namespace_is_not_missed() -> None:
    gone = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await gone.wait()
    async with running() as client:
        await client.initialize(processId=gone.pid)
        assert await client.alive()
        assert await client.bye() == 0


async def test_a_process_id_that_cannot_exist_is_not_missed() -> None:
    async with running() as client:
        await client.initialize(processId=2**31 - 1)
        assert await client.bye() == 0


async def test_e07_sigterm_ends_the_process_whatever_it_does() -> None:
    async with running() as client:
        await client.initialize()
        client.open(URI, "hang")
        client.complete(URI, 0, 4)
        assert await client.alive()
        client.process.terminate()
        assert await client.ended() == -signal.SIGTERM


async def test_an_editor_that_stops_reading_cannot_block_the_end() -> None:
    never_read, stdout = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *SCRIPTED_SESSION,
        stdin=asyncio.subprocess.PIPE,
        stdout=stdout,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment(),
    )
    os.close(stdout)
    assert process.stdin is not None
    # The answers are several times what a pipe holds.
    process.stdin.write(frame(b'{"jsonrpc": "2.0", "id": 1, "method": "$/unknown"}') * 5000)
    process.stdin.close()
    assert await process.wait() == 1
    os.close(never_read)
