"""Both ends of the socket look who the other one is; real processes of real users."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cloister.core.errors import BackendUnavailableError
from cloister.engine.client import EngineClient
from cloister.engine.peer import Peer, peer_of
from cloister.engine.wire import PROTOCOL_VERSION
from support.engine_host import RawClient, serving

OTHER_USER = 65534
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")

# The interpreter may lie where only root can read it, so the user changes once it runs.
GREET = f"""
import os, socket, sys
from cloister.engine.messages import Hello
from cloister.engine.wire import encode
client = socket.socket(socket.AF_UNIX)
os.setuid({OTHER_USER})
client.connect(sys.argv[1])
try:
    client.sendall(encode(Hello({PROTOCOL_VERSION}, "")))
    sys.exit(len(client.recv(100)))
except ConnectionError:
    # Dropped before it could speak.
    sys.exit(0)
"""
LISTEN = f"""
import os, socket, sys
os.setuid({OTHER_USER})
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
print("listening", flush=True)
listener.accept()[0].recv(100)
"""


@pytest.fixture
def path() -> Iterator[Path]:
    # Where everybody may go, which the temporary directory of one user need not be.
    with tempfile.TemporaryDirectory(prefix="cl", dir="/tmp") as folder:
        _open_to_everybody(Path(folder))
        yield Path(folder) / "socket"


def _open_to_everybody(path: Path) -> None:
    path.chmod(0o777)


async def test_the_other_process_is_known(path: Path) -> None:
    async with serving(path):
        client = await RawClient.connect(path)
        assert peer_of(client.writer) == Peer(os.getpid(), os.getuid())
        await client.close()


@AS_ROOT
async def test_another_users_client_gets_no_answer(path: Path) -> None:
    async with serving(path):
        _open_to_everybody(path)
        other = await asyncio.create_subprocess_exec(sys.executable, "-c", GREET, str(path))
        assert await other.wait() == 0
        ours = await EngineClient.connect(path)
        assert (await ours.status()).clients == 1
        await ours.close()


@AS_ROOT
async def test_another_users_engine_is_told_nothing(path: Path) -> None:
    listener = await asyncio.create_subprocess_exec(
        sys.executable, "-c", LISTEN, str(path), stdout=asyncio.subprocess.PIPE
    )
    assert listener.stdout is not None
    await listener.stdout.readline()
    with pytest.raises(BackendUnavailableError, match="Another user's program listens at"):
        await EngineClient.connect(path)
    assert await listener.wait() == 0
