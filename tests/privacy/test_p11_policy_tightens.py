"""P11: a mark that appears while an answer comes in ends the request at once, and for good."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cloister.egress.audit.records import Event
from cloister.egress.audit.verify import read_records
from cloister.egress.messages import FailureKind
from support.asking import SEND, asking, write_user_file
from support.service_answers import chat_delta, events
from support.service_server import Reply, ServiceServer, serving
from support.whole_run import private_user

pytestmark = pytest.mark.model

SOURCE = "def add(a, b):\n    total = a + b\n    return total\n"


@pytest.fixture
async def server() -> AsyncIterator[ServiceServer]:
    async with serving(Reply(events(chat_delta("def add")), holds=True)) as server:
        yield server


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, server: ServiceServer) -> Iterator[Path]:
    with private_user(monkeypatch) as home:
        write_user_file(home / "config", server.url, "allow")
        (home / "project").mkdir()
        (home / "project" / "a.py").write_text(SOURCE, encoding="utf-8")
        yield home


def egress_processes(pid: int) -> list[int]:
    """Return the processes with a network that a process has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    commands = {int(child): Path(f"/proc/{child}/cmdline").read_bytes() for child in children}
    return [child for child, command in commands.items() if b"\0egress\0" in command]


async def test_p11_a_mark_ends_what_is_on_its_way(home: Path, server: ServiceServer) -> None:
    project = home / "project"
    uri = (project / "a.py").as_uri()
    async with asking([project], SEND) as session:
        session.client.open(uri, SOURCE)
        entries = await session.entries(uri, 0)
        entry = next(
            it for it in entries if it["title"] == "Simplify “add” with some-model at 127.0.0.1"
        )
        asked = session.client.start("codeAction/resolve", entry)
        await server.heard.wait()
        assert egress_processes(session.client.process.pid)
        (project / ".cloister.toml").write_text("version = 1\nlocal-only = true\n")
        answer = await session.client.response(asked)
        assert "edit" not in answer["result"]
        assert "`local-only = true`" in await session.told()
        assert ".cloister.toml" in await session.told()
        await server.dropped.wait()
        # Neither the menu nor an old entry leads there any more.
        assert not any("some-model" in it["title"] for it in await session.entries(uri, 0))
        assert not egress_processes(session.client.process.pid)
        refused = await session.client.request("codeAction/resolve", entry)
        assert "edit" not in refused["result"]
    assert len(server.received) == 1
    (failed,) = (
        it for it in read_records(home / "state/cloister/audit") if it.event is Event.FAILED
    )
    assert failed.details["kind"] == FailureKind.POLICY
    assert "`local-only = true`" in failed.details["reason"]
