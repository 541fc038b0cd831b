"""The front-end as it serves tries to get out, in every way that a program may try.

What the engine tries, also from threads that were there before its lock, is tested beside it.
"""

import json
import os
import platform
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from cloister.engine.sandbox.seccomp import _ARCHITECTURES
from support.engine_process import private_engine
from support.lsp_client import RawClient, running
from support.real_server import EVERYTHING, SELF_ANSWER, answer, opened

URI = "file:///project/a.py"
TESTS = Path(__file__).resolve().parents[1]
LOCKED = sys.platform == "linux" and platform.machine() in _ARCHITECTURES
TRY = f"""
import sys
sys.path.insert(0, {str(TESTS)!r})
from support.locked_process import *
import asyncio, platform, signal, socket, threading, urllib.request
from cloister.engine.sandbox.seccomp import _ARCHITECTURES

numbers = _ARCHITECTURES[platform.machine()]
CHILD = "import socket; socket.socket(socket.AF_INET)"
barrier = threading.Event()
results = {{"thread of before": []}}

def open_in_c():
    return system_call(numbers.socket, 2, 1, 0)

def wait_and_try():
    barrier.wait()
    results["thread of before"].append(attempt(open_in_c))

thread = threading.Thread(target=wait_and_try, daemon=True)
thread.start()

def child(*command):
    if subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode:
        raise PermissionError(errno.EACCES, "the child found no way out")

def in_a_loop(make):
    outcome = []
    thread = threading.Thread(target=lambda: outcome.append(attempt(lambda: asyncio.run(make()))))
    thread.start()
    thread.join()
    return outcome[0]

def try_to_get_out(_number, _frame):
    barrier.set()
    thread.join()
    results.update({{
        "socket": attempt(lambda: socket.socket(socket.AF_INET)),
        "socket 6": attempt(lambda: socket.socket(socket.AF_INET6)),
        "in C": attempt(open_in_c),
        "raw": attempt(lambda: system_call(numbers.socket, 17, 3, 0)),
        "netlink": attempt(lambda: system_call(numbers.socket, 16, 3, 0)),
        "datagram": attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)),
        "name": attempt(lambda: socket.getaddrinfo("example.com", 443)),
        "urllib": attempt(lambda: urllib.request.urlopen("http://127.0.0.1:9/")),
        "connection": attempt(lambda: socket.create_connection(("127.0.0.1", 9))),
        "asyncio": in_a_loop(lambda: asyncio.open_connection("127.0.0.1", 9)),
        "io_uring": attempt(lambda: system_call(425, 1, 0)),
        "child": attempt(lambda: child(sys.executable, "-c", CHILD)),
    }})
    print(json.dumps(results), file=sys.stderr, flush=True)

signal.signal(signal.SIGUSR1, try_to_get_out)
from cloister.cli import main
sys.exit(main(sys.argv[1:]))
"""

pytestmark = [
    pytest.mark.model,
    pytest.mark.sandbox,
    pytest.mark.skipif(not LOCKED, reason="these locks are those of Linux on x86_64 and aarch64"),
]


async def told(client: RawClient) -> dict[str, Any]:
    """Return the results, which the server writes to its log."""
    while not (lines := [line for line in client.stderr().splitlines() if line[:1] == "{"]):
        assert await client.alive()
    return dict(json.loads(lines[0]))


async def test_n04_nothing_gets_out_of_a_front_end_that_serves(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with (
        private_engine(monkeypatch),
        running((sys.executable, "-c", TRY, "lsp")) as client,
    ):
        await client.initialize(initializationOptions=EVERYTHING)
        await opened(client, URI)
        assert await answer(client, URI) == SELF_ANSWER
        os.kill(client.process.pid, signal.SIGUSR1)
        results = await told(client)
        assert results.pop("thread of before") == ["EACCES"]
        assert "no way to a network" in results.pop("urllib")
        assert set(results.values()) == {"EACCES"}, results
        assert await answer(client, URI) == SELF_ANSWER
        assert await client.bye() == 0
