"""The engine's files stay writable, everybody else's do not, and reading is free."""

import os
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from cloister.engine.sandbox.role import Role
from support.locked_process import ALLOWED, run_script, system_call


def landlock_version() -> int:
    """Return which version of Landlock the kernel has, 0 for none."""
    try:
        return system_call(444, None, 0, 1)
    except OSError:
        return 0


VERSION = landlock_version() if sys.platform == "linux" else 0

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(VERSION == 0, reason="the kernel has no Landlock"),
]

ATTEMPTS = """
import os, socket, threading
from pathlib import Path
from cloister.engine.sandbox.landlock import restrict_to

from cloister.engine.sandbox.role import Role

own, others, port, pid = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
role = Role(sys.argv[6])
opened_before = (others / "opened").open("w")
if own.is_dir():
    restrict_to([own, own / "missing"], role)
results = {}

def changes(folder):
    file = folder / "file"
    return {
        "make": attempt(lambda: (folder / "new").write_text("x")),
        "write": attempt(lambda: file.open("a").close()),
        "truncate": attempt(lambda: os.truncate(file, 0)),
        "rename": attempt(lambda: (folder / "old").rename(folder / "renamed")),
        "remove": attempt((folder / "stale").unlink),
        "make folder": attempt((folder / "folder").mkdir),
        "remove folder": attempt((folder / "empty").rmdir),
        "link": attempt(lambda: (folder / "link").symlink_to(file)),
        "name": attempt(lambda: os.link(file, folder / "other name")),
        "fifo": attempt(lambda: os.mkfifo(folder / "fifo")),
        "read": attempt((folder / "text").read_text),
    }

def from_a_later_thread():
    results["later thread"] = attempt(lambda: (others / "thread").write_text("x"))

thread = threading.Thread(target=from_a_later_thread)
thread.start()
thread.join()
results["own"] = changes(own if own.is_dir() else others)
results["others"] = changes(others)
results["move out"] = attempt(lambda: (own / "text").rename(others / "moved"))
results["opened before"] = attempt(lambda: opened_before.write("x") and opened_before.flush())
results["null"] = attempt(lambda: Path("/dev/null").write_text("x"))
results["tcp"] = attempt(lambda: socket.create_connection(("127.0.0.1", port)).close())
results["listen"] = attempt(lambda: socket.socket().bind(("127.0.0.1", 0)))
results["abstract socket"] = attempt(
    lambda: socket.socket(socket.AF_UNIX).connect("\\0" + sys.argv[5]))
results["signal"] = attempt(lambda: os.kill(pid, 0))
results["memory"] = attempt(lambda: os.open(f"/proc/{pid}/mem", os.O_RDONLY))
print(json.dumps(results))
"""

CHANGES = {
    "make",
    "write",
    "truncate",
    "rename",
    "remove",
    "make folder",
    "remove folder",
    "link",
    "name",
    "fifo",
}


def prepared(folder: Path) -> Path:
    folder.mkdir()
    for name in ("file", "old", "stale", "text"):
        (folder / name).write_text("text")
    (folder / "empty").mkdir()
    return folder


@pytest.fixture
def results(tmp_path: Path) -> Any:
    return attempted(tmp_path, Role.ENGINE)


def attempted(tmp_path: Path, role: Role) -> Any:
    name = f"cloister-test-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(f"\0{name}")
        unix.listen()
        port = str(server.getsockname()[1])
        own, others = prepared(tmp_path / "own"), prepared(tmp_path / "others")
        arguments = (str(own), str(others), port, str(os.getpid()), name, role)
        return run_script(ATTEMPTS, *arguments)


def test_only_its_own_files_can_be_changed(results: Any) -> None:
    assert results["own"] == dict.fromkeys((*CHANGES, "read"), ALLOWED)
    unknown = {"truncate"} if VERSION < 3 else set()
    refused = {name for name, outcome in results["others"].items() if outcome == "EACCES"}
    assert refused == CHANGES - unknown
    assert results["others"]["read"] == ALLOWED
    assert results["later thread"] == "EACCES"
    assert results["move out"] in {"EACCES", "EXDEV"}


def test_what_is_open_and_the_devices_that_everybody_writes_stay_usable(results: Any) -> None:
    assert results["opened before"] == results["null"] == ALLOWED


@pytest.mark.skipif(VERSION < 4, reason="Landlock holds TCP from Linux 6.7 on")
def test_tcp_is_refused(results: Any) -> None:
    assert results["tcp"] == results["listen"] == "EACCES"


@pytest.mark.skipif(VERSION < 6, reason="Landlock holds sockets and signals from Linux 6.12 on")
def test_processes_outside_are_out_of_reach(results: Any) -> None:
    assert results["abstract socket"] == results["signal"] == "EPERM"


def test_the_memory_of_other_processes_is_out_of_reach(results: Any) -> None:
    assert results["memory"] == "EACCES"


@pytest.mark.skipif(VERSION < 6, reason="Landlock holds TCP and signals from Linux 6.12 on")
def test_the_egress_process_connects_and_changes_only_its_own_files(tmp_path: Path) -> None:
    results = attempted(tmp_path, Role.EGRESS)
    assert results["own"] == dict.fromkeys((*CHANGES, "read"), ALLOWED)
    refused = {name for name, outcome in results["others"].items() if outcome == "EACCES"}
    assert refused == CHANGES
    assert results["tcp"] == results["abstract socket"] == ALLOWED
    assert (results["listen"], results["signal"]) == ("EACCES", "EPERM")


def test_without_it_all_of_this_is_possible(tmp_path: Path) -> None:
    """What is refused above is refused by Landlock and by nothing else."""
    name = f"cloister-test-{os.getpid()}"
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(f"\0{name}")
        unix.listen()
        port = str(server.getsockname()[1])
        others = prepared(tmp_path / "others")
        arguments = (str(others / "nothing"), str(others), port, "0", name, Role.ENGINE)
        free = run_script(ATTEMPTS, *arguments)
    assert free["own"] == dict.fromkeys((*CHANGES, "read"), ALLOWED)
    for attempted in ("later thread", "tcp", "listen", "abstract socket", "signal"):
        assert free[attempted] == ALLOWED
