"""Full and read-only file systems where the socket, the locks and the log would go.

A full log costs the log. Without room for the socket there are no suggestions, one message says
why, and they are there as soon as there is room.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloister.backends.local import LocalBackend
from cloister.core.cancel import CancelToken
from cloister.core.errors import BackendUnavailableError
from cloister.core.generation import GenerationRequest
from cloister.engine.supervision import MAX_RESTARTS, Supervisor, wait_seconds
from support.engine_process import MODEL, infill, private_engine
from support.lsp_client import running
from support.private_mounts import command_with_mounts
from support.real_server import (
    CLOISTER_LSP,
    EVERYTHING,
    SELF_ANSWER,
    answer,
    messages,
    opened,
    status,
)

URI = "file:///project/a.py"
MOUNT = 'mount -t tmpfs -o mode=700,{options} none "{place}"\n'
FILL = 'dd if=/dev/zero of="{place}/ballast" bs=4096 2>&- || true\n'
TINY = "size=64k"

pytestmark = [pytest.mark.model, pytest.mark.sandbox]


@pytest.fixture
def folders(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give the server directories of its own, the temporary one included."""
    # Not under tmp_path: a socket's path may have 108 bytes.
    with tempfile.TemporaryDirectory(prefix="cl") as name:
        places = {"XDG_RUNTIME_DIR": "run", "XDG_STATE_HOME": "state", "TMPDIR": "tmp"}
        for variable, folder in places.items():
            (Path(name) / folder).mkdir(mode=0o700)
            monkeypatch.setenv(variable, f"{name}/{folder}")
        yield Path(name)


def mounted(place: str, options: str, *, filled: bool = False) -> str:
    """Return the shell commands that mount a file system, and fill it to the last byte."""
    return (MOUNT + FILL * filled).format(place=place, options=options)


WITHOUT_ANSWERS = {
    "no room for the directory": mounted("$XDG_RUNTIME_DIR", f"{TINY},nr_inodes=1"),
    "no room for the launch lock": mounted("$XDG_RUNTIME_DIR", f"{TINY},nr_inodes=2"),
    "no room for the engine's lock": mounted("$XDG_RUNTIME_DIR", f"{TINY},nr_inodes=3"),
    "no room for the socket": mounted("$XDG_RUNTIME_DIR", f"{TINY},nr_inodes=4"),
    "no session directory and no room in the temporary one": "unset XDG_RUNTIME_DIR\n"
    + mounted("$TMPDIR", f"{TINY},nr_inodes=1"),
    "no session directory and the temporary one is read-only": "unset XDG_RUNTIME_DIR\n"
    + mounted("$TMPDIR", "ro"),
}
WITH_ANSWERS = {
    "no byte free in the session directory": mounted("$XDG_RUNTIME_DIR", TINY, filled=True),
    "the session directory is read-only": mounted("$XDG_RUNTIME_DIR", "ro"),
    "no byte free for the log": mounted("$XDG_STATE_HOME", TINY, filled=True),
    "no room for a log at all": mounted("$XDG_STATE_HOME", f"{TINY},nr_inodes=1"),
    "the log's directory is read-only": mounted("$XDG_STATE_HOME", "ro"),
    "no byte free anywhere": "".join(
        mounted(place, TINY, filled=True)
        for place in ("$XDG_RUNTIME_DIR", "$XDG_STATE_HOME", "$TMPDIR")
    ),
    "no session directory and no byte free in the temporary one": "unset XDG_RUNTIME_DIR\n"
    + mounted("$TMPDIR", TINY, filled=True),
    "the editor's log is full": "exec 2>/dev/full",
    "the editor has no log": "exec 2>&-",
}


@pytest.mark.usefixtures("folders")
@pytest.mark.parametrize("trouble", WITHOUT_ANSWERS)
async def test_without_room_for_the_socket_one_message_says_what_to_do(trouble: str) -> None:
    command = command_with_mounts(WITHOUT_ANSWERS[trouble], CLOISTER_LSP)
    async with running(command) as client:
        await client.initialize(initializationOptions=EVERYTHING)
        await opened(client, URI)
        for _ in range(MAX_RESTARTS + 3):
            assert await answer(client, URI) == ""
        (message,) = messages(client)
        assert "No space left on device" in message or "Read-only file system" in message
        assert "free space" in message or "set XDG_RUNTIME_DIR" in message
        assert message.count(".\n") == 0
        assert message.endswith(".")
        told = await status(client)
        assert told["state"] == "error"
        assert {outcome["reason"] for outcome in told["outcomes"]} == {message}
        assert await client.bye() == 0


@pytest.mark.usefixtures("folders")
@pytest.mark.parametrize("trouble", WITH_ANSWERS)
async def test_what_the_socket_does_not_need_costs_no_answer(trouble: str) -> None:
    command = command_with_mounts(WITH_ANSWERS[trouble], CLOISTER_LSP)
    async with running(command) as client:
        await client.initialize(initializationOptions=EVERYTHING | {"logLevel": "debug"})
        await opened(client, URI)
        assert await answer(client, URI) == SELF_ANSWER
        assert messages(client) == []
        assert await client.bye() == 0


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def write(backend: LocalBackend) -> str:
    request = GenerationRequest(infill("import os\nimport ", "\n"), 4)
    return (await backend.generate(request, lambda _chunk: False, CancelToken())).text


async def test_it_starts_as_soon_as_there_is_room_however_often_it_failed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with private_engine(monkeypatch) as folder:
        clock = Clock()
        backend = LocalBackend(MODEL, supervisor=Supervisor(clock))
        # As on a full disk, the directory cannot be made.
        (folder / "cloister").symlink_to("nowhere")
        problems = set()
        for _ in range(3 * MAX_RESTARTS):
            with pytest.raises(BackendUnavailableError) as caught:
                await write(backend)
            problems.add(str(caught.value))
            clock.now += wait_seconds(MAX_RESTARTS) / 2
        assert len(problems) == 1
        (folder / "cloister").unlink()
        clock.now += wait_seconds(MAX_RESTARTS)
        assert await write(backend) != ""
        await backend.close()
