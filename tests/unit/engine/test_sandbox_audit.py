"""The hook alone, without any lock of the kernel: what Python code may still do."""

import socket

import pytest

from cloister.engine.sandbox.role import Role
from support.locked_process import ALLOWED, run_script

ATTEMPTS = """
import asyncio, os, pty, socket, subprocess, tempfile, threading
from cloister.engine.sandbox.audit import install_hook
from cloister.engine.sandbox.role import Role

folder = tempfile.mkdtemp(prefix="cl")
listener = socket.socket(socket.AF_UNIX)
listener.bind(f"{folder}/before")
listener.listen()
waiting = socket.socket(socket.AF_UNIX)
waiting.connect(f"{folder}/before")
datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one, other = socket.socketpair()
results = {}
if sys.argv[1] != "nobody":
    install_hook(Role(sys.argv[1]))

def remember(name, action):
    results[name] = attempt(action)

def unix(action):
    with socket.socket(socket.AF_UNIX) as made:
        action(made)

remember("socket", lambda: socket.socket(socket.AF_INET))
remember("socket 6", lambda: socket.socket(socket.AF_INET6, socket.SOCK_DGRAM))
remember("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
remember("connect", lambda: datagram.connect(("127.0.0.1", 9)))
remember("connect_ex", lambda: datagram.connect_ex(("127.0.0.1", 9)))
remember("bind", lambda: datagram.bind(("127.0.0.1", 0)))
remember("sendto", lambda: datagram.sendto(b"x", ("127.0.0.1", 9)))
remember("sendmsg", lambda: datagram.sendmsg([b"x"], [], 0, ("127.0.0.1", 9)))
remember("name", lambda: socket.getaddrinfo("localhost", 9))
remember("old name", lambda: socket.gethostbyname("localhost"))
remember("whose address", lambda: socket.getnameinfo(("127.0.0.1", 9), 0))
port = int(sys.argv[2])
remember("from asyncio", lambda: asyncio.run(asyncio.open_connection("127.0.0.1", port)))
remember("adopted", lambda: socket.socket(fileno=other.detach()).close())
remember("accept", lambda: listener.accept()[0].sendall(b"x"))
remember("pair", socket.socketpair)
remember("event loop", lambda: asyncio.run(asyncio.sleep(0)))
remember("bind unix", lambda: unix(lambda made: made.bind(f"{folder}/after")))
remember("connect unix", lambda: unix(lambda made: made.connect(f"{folder}/before")))
remember("child", lambda: subprocess.run(["true"]))
remember("shell", lambda: os.system("true"))
remember("spawn", lambda: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0))
remember("exec", lambda: os.execv("/nowhere", ["nowhere"]))
remember("fork", lambda: os.fork() or os._exit(0))
for module in ("urllib.request", "http.client", "ftplib", "xmlrpc", "socketserver", "json.tool"):
    remember(module, lambda: __import__(module))
thread = threading.Thread(target=lambda: remember("thread", lambda: socket.socket(socket.AF_INET)))
thread.start()
thread.join()
print(json.dumps(results))
"""

NETWORK = {
    "socket",
    "socket 6",
    "netlink",
    "connect",
    "connect_ex",
    "bind",
    "sendto",
    "sendmsg",
    "name",
    "old name",
    "whose address",
    "from asyncio",
    "thread",
}
ENGINE_ONLY = {
    "bind unix",
    "connect unix",
    "child",
    "shell",
    "spawn",
    "exec",
    "fork",
    "urllib.request",
    "http.client",
    "ftplib",
    "xmlrpc",
    "socketserver",
}


def refused(role: str) -> set[str]:
    """Return what the hook refused, not what happened to fail."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        results: dict[str, str] = run_script(ATTEMPTS, role, str(server.getsockname()[1]))
    assert {results[name] for name in ("accept", "adopted", "event loop", "pair")} == {ALLOWED}
    return {name for name, result in results.items() if result in {"EACCES", "ImportError"}}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.FRONT_END, NETWORK),
        (Role.ENGINE, NETWORK | ENGINE_ONLY),
        (Role.INDEXER, (NETWORK | ENGINE_ONLY) - {"fork"}),
        (Role.EGRESS, {"bind", "bind unix", "child", "shell", "spawn", "exec", "fork"}),
        ("nobody", set()),
    ],
)
def test_python_code_keeps_what_its_role_needs(role: str, expected: set[str]) -> None:
    assert refused(role) == expected


def test_a_hook_that_was_kept_out_is_an_error() -> None:
    code = """
from cloister.engine.sandbox.audit import install_hook
from cloister.engine.sandbox.role import Role

def selfish(event, _arguments):
    if event == "sys.addaudithook":
        raise RuntimeError

sys.addaudithook(selfish)
print(json.dumps(attempt(lambda: install_hook(Role.FRONT_END))))
"""
    assert run_script(code) == "EPERM"
