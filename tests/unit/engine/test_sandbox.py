"""The filter cannot be removed, so each test locks a process of its own."""

import json
import platform
import subprocess
import sys
from typing import Any

import pytest

from cloister.engine.sandbox import Filter, IsolationLevel, lock_network

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(
        sys.platform != "linux" or platform.machine() not in {"x86_64", "aarch64"},
        reason="seccomp filters are written for Linux on x86_64 and aarch64",
    ),
]

ATTEMPTS = """
import asyncio, ctypes, errno, json, os, socket, subprocess, sys, threading
from cloister.engine.sandbox import Filter, lock_network

def attempt(action):
    try:
        action()
    except OSError as error:
        return errno.errorcode[error.errno]
    return "allowed"

def system_call(number, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(ctypes.c_long(number), *arguments) < 0:
        raise OSError(ctypes.get_errno(), "")

listener = socket.socket(socket.AF_UNIX)
listener.bind("\\0cloister-test-%d" % os.getpid())
listener.listen()
connected = socket.socket(socket.AF_UNIX)
connected.connect(listener.getsockname())
unconnected = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
locked = threading.Event()
results = {}

def from_an_older_thread():
    locked.wait()
    results["older thread"] = attempt(lambda: socket.socket(socket.AF_INET))

thread = threading.Thread(target=from_an_older_thread)
thread.start()
results["isolation"] = lock_network(Filter(sys.argv[1])).level
locked.set()
thread.join()
for family in ("AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET"):
    results[family] = attempt(lambda: socket.socket(getattr(socket, family)))
# The kernel reads 32 bits of the family, so the upper half must not get anything past the filter.
results["AF_INET in disguise"] = attempt(
    lambda: system_call(41 if os.uname().machine == "x86_64" else 198,
                        ctypes.c_ulong(1 << 32 | socket.AF_INET), 1, 0))
results["udp"] = attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
results["connect"] = attempt(lambda: unconnected.connect(("127.0.0.1", 9)))
results["bind"] = attempt(lambda: unconnected.bind(("127.0.0.1", 0)))
results["name"] = attempt(lambda: socket.create_connection(("127.0.0.1", 9)))
results["io_uring"] = attempt(lambda: system_call(425, 1, None))
results["pidfd_getfd"] = attempt(lambda: system_call(438, -1, 0, 0))
results["accept"] = attempt(listener.accept)
results["socketpair"] = attempt(socket.socketpair)
results["event loop"] = attempt(lambda: asyncio.run(asyncio.sleep(0)))
code = "import socket; socket.socket(socket.AF_INET)"
child = subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
results["child"] = "allowed" if child.returncode == 0 else "EACCES"
print(json.dumps(results))
"""


def outcomes(network_filter: Filter) -> dict[str, Any]:
    command = [sys.executable, "-c", ATTEMPTS, network_filter]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    results: dict[str, Any] = json.loads(output)
    return results


STRICT = {
    "isolation": "seccomp",
    "older thread": "EACCES",
    "AF_UNIX": "EACCES",
    "AF_INET": "EACCES",
    "AF_INET6": "EACCES",
    "AF_NETLINK": "EACCES",
    "AF_PACKET": "EACCES",
    "AF_INET in disguise": "EACCES",
    "udp": "EACCES",
    "connect": "EACCES",
    "bind": "EACCES",
    "name": "EACCES",
    "io_uring": "EACCES",
    "pidfd_getfd": "EACCES",
    "accept": "allowed",
    "socketpair": "allowed",
    "event loop": "allowed",
    "child": "EACCES",
}


def test_strict_allows_nothing_but_accepting() -> None:
    assert outcomes(Filter.STRICT) == STRICT


def test_unix_only_can_reach_the_engine_again_and_nothing_else() -> None:
    results = outcomes(Filter.UNIX_ONLY)
    # A socket that was open before stays usable; the front-end locks itself before it has any.
    open_before = {"connect": results["connect"], "bind": results["bind"]}
    assert results == STRICT | {"AF_UNIX": "allowed"} | open_before


def test_a_kernel_that_refuses_is_reported_as_no_isolation() -> None:
    """A filter installed first makes seccomp itself fail, as a container's may."""
    code = """
import dataclasses, platform
from cloister.engine import sandbox
machine = platform.machine()
honest = sandbox._ARCHITECTURES[machine]
sandbox._ARCHITECTURES[machine] = dataclasses.replace(
    honest, always_denied=(*honest.always_denied, honest.seccomp))
assert sandbox.lock_network(sandbox.Filter.UNIX_ONLY).level == "seccomp"
isolation = sandbox.lock_network(sandbox.Filter.STRICT)
print(isolation.level, isolation.reason)
"""
    output = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert output == "none The kernel refused seccomp (permission denied).\n"


def test_a_system_without_a_filter_is_reported_as_no_isolation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    isolation = lock_network(Filter.STRICT)
    assert isolation.level is IsolationLevel.NONE
    assert "riscv64" in isolation.reason


def test_memory_is_hidden() -> None:
    code = """
import ctypes, resource
from cloister.engine.sandbox import hide_memory
hide_memory()
print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))
"""
    output = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout
    assert output == "(0, 0) 0\n"
