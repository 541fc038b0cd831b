"""P09 in an editor: what was opened through a link is not sent when the link is changed or gone."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from support.asking import asking, chat_answer, write_user_file
from support.policies import mark
from support.service_server import Reply, ServiceServer, serving
from support.whole_run import private_user

pytestmark = pytest.mark.model

SOURCE = "def add(a, b):\n    total = a + b\n    return total\n"


@pytest.fixture
async def server() -> AsyncIterator[ServiceServer]:
    async with serving(Reply(chat_answer("```python\nx\n```\n"))) as server:
        yield server


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, server: ServiceServer) -> Iterator[Path]:
    with private_user(monkeypatch) as home:
        write_user_file(home / "config", server.url, "allow")
        mark(home / "closed")
        for name in ("open", "closed"):
            (home / name).mkdir(exist_ok=True)
            (home / name / "a.py").write_text(SOURCE, encoding="utf-8")
        yield home


@pytest.mark.parametrize("other", [None, "a.py"])
async def test_p09_a_buffer_outlives_its_link_and_stays_local(
    home: Path, server: ServiceServer, other: str | None
) -> None:
    link, plain = home / "open" / "link.py", home / "open" / "a.py"
    link.symlink_to(home / "closed" / "a.py")
    async with asking([home / "open"]) as session:
        for path in (link, plain):
            session.client.open(path.as_uri(), SOURCE)
        assert await session.client.alive()
        # Nobody has asked for anything yet; what counts is what the editor opened.
        link.unlink()
        if other is not None:
            link.symlink_to(other)
        elsewhere = {
            path: [it for it in await session.entries(path.as_uri(), 0) if "some-model" in str(it)]
            for path in (link, plain)
        }
        assert elsewhere[plain]
        assert not elsewhere[link]
        # An entry that somebody kept is refused as well.
        entry = elsewhere[plain][0]
        entry["data"]["uri"] = link.as_uri()
        refused = await session.client.request("codeAction/resolve", entry)
        assert "edit" not in refused["result"]
        assert "`local-only = true`" in await session.told()
    assert server.received == []
