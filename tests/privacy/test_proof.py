"""`cloister doctor --prove-offline`: it proves what is true, and only that."""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from support.lsp_client import environment

TESTS = Path(__file__).resolve().parents[1]
UNSHARE = {"x86_64": 272, "aarch64": 97}.get(platform.machine(), 0)
STRACE = shutil.which("strace")
PROVE = ("doctor", "--prove-offline", "--json")
CLOISTER = (sys.executable, "-m", "cloister")
START = (
    f"import sys; sys.path.insert(0, {str(TESTS)!r}); from support.locked_process import *;"
    f"refuse_system_calls({UNSHARE}); from cloister.cli import main; sys.exit(main(sys.argv[1:]))"
)
WITHOUT_NAMESPACES = (sys.executable, "-c", START)

pytestmark = [
    pytest.mark.model,
    pytest.mark.sandbox,
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces are those of Linux"),
]


def prove(command: Sequence[str] = CLOISTER, path: str | None = None) -> tuple[int, Any]:
    """Return the exit code and the evidence; programs are looked for in `path`."""
    changed = {} if path is None else {"PATH": path}
    result = subprocess.run(
        [*command, *PROVE], env=environment() | changed, capture_output=True, check=False
    )
    assert result.stdout, result.stderr
    return result.returncode, json.loads(result.stdout)


@pytest.fixture(scope="module")
def evidence() -> Any:
    """Return what a proof finds here."""
    code, found = prove()
    if found["namespace_problem"] and os.environ.get("CI") != "true":
        pytest.skip(found["namespace_problem"])
    assert code == 0
    return found


def test_nothing_leaves_and_it_would_have_been_noticed(evidence: Any) -> None:
    assert evidence["proven"] is True
    assert evidence["why_not"] == []
    assert evidence["seen"] == {"notices": 0, "n_bytes": 0, "packets": 0}
    assert evidence["control"]["notices"] == evidence["control_wanted"] == 5
    assert evidence["control"]["packets"] > 5


def test_the_session_is_a_real_one(evidence: Any) -> None:
    run = evidence["run"]
    assert run["exit_code"] == 0
    assert run["indexed_files"] > 20
    assert 0 < run["suggestions"] <= run["answers"]
    assert run["isolation"]["front-end"].startswith("kernel")
    assert run["isolation"]["engine"].startswith("kernel")


def leaking(folder: Path, leak: str) -> str:
    """Return a path on which a program stands for strace that does this before it runs another."""
    program = folder / "strace"
    program.write_text(
        f"#!{sys.executable}\nimport os, socket, sys\n{leak}\n"
        "command = sys.argv[sys.argv.index('-o') + 2:]\nos.execv(command[0], command)\n"
    )
    program.chmod(0o700)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


LEAKS = {
    "a name": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('9.9.9.9', 53))",
    "a page": "socket.create_connection(('203.0.113.9', 443)).sendall(b'GET /')",
    "the proxy": "socket.create_connection(('127.0.0.1', 3128)).sendall(b'CONNECT')",
    "where nobody listens": "socket.socket().connect_ex(('198.51.100.1', 4444))",
}


@pytest.mark.parametrize("kind", LEAKS)
@pytest.mark.usefixtures("evidence")
def test_whatever_is_sent_is_noticed(kind: str, tmp_path: Path) -> None:
    code, found = prove(path=leaking(tmp_path, LEAKS[kind]))
    assert code == 1
    assert found["proven"] is False
    assert found["seen"]["packets"] > 0
    assert (found["seen"]["notices"] > 0) == (kind != "where nobody listens")
    assert found["why_not"] == ["Something was sent during the session."]


@pytest.mark.skipif(STRACE is None, reason="strace is missing")
def test_without_namespaces_a_trace_is_enough() -> None:
    code, found = prove(WITHOUT_NAMESPACES)
    assert code == 0
    assert found["namespace_problem"] == "the system allows no namespaces (permission denied)"
    assert found["seen"] == {"notices": 0, "n_bytes": 0, "packets": None}
    assert "AF_UNIX" in found["sockets"]


def test_with_neither_nothing_is_proven(tmp_path: Path) -> None:
    code, found = prove(WITHOUT_NAMESPACES, path=str(tmp_path))
    assert code == 1
    assert found["tracing_problem"] == "strace is not installed"
    assert found["why_not"] == ["Neither a network of its own nor strace is to be had here."]
