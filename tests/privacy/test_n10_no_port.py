"""Nobody listens: there is no port for a web page or another machine to reach."""

import os
import re
import shutil

import pytest

from support.canary import listening
from support.egress_process import User
from support.lsp_client import running
from support.whole_run import CLOISTER, private_user, whole_run, write_project

STRACE = os.environ.get("CLOISTER_STRACE") or shutil.which("strace")

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.model,
    pytest.mark.skipif(STRACE is None, reason="strace is missing"),
]


async def test_n10_no_process_listens_on_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert STRACE is not None
    with private_user(monkeypatch) as home:
        write_project(home / "project")
        logs = home / "strace"
        logs.mkdir()
        trace = ("-ff", "-qq", "-e", "trace=network,execve", "-s", "200", "-o", str(logs / "log"))
        async with listening() as server:
            User(home, server.origin).write_file()
            async with running((STRACE, *trace, CLOISTER, "lsp")) as client:
                await whole_run(client, home / "project")
                assert await client.bye() == 0
        calls = [log.read_text(errors="replace") for log in logs.iterdir()]
    assert any('"egress", "run"' in log for log in calls), "the egress process was not traced"
    assert any('"engine", "run"' in log for log in calls), "the engine was not traced"
    # The engine listens on a socket of the file system; nobody else listens, and none on a port.
    for log in calls:
        assert re.findall(r"^bind\(.*AF_INET.*$", log, re.MULTILINE) == []
        assert "AF_INET" not in log or "listen(" not in log
    assert sum("listen(" in log for log in calls) == 1
    assert server.connections == 0
