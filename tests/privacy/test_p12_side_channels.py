"""P12: text of a folder that nothing may leave reaches a service by no way round.

A marker stands in twelve places of a local-only folder and of what the editor says about it. From
another folder, which permits it, a service is asked.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from support.asking import SEND, asking, chat_answer, write_user_file
from support.service_server import Reply, ServiceServer, serving
from support.whole_run import private_user

pytestmark = pytest.mark.model

MARKER = "n0t_to_leave"
SOURCE = "def add(a, b):\n    total = a + b\n    return total\n"
BETTER = "```python\ndef add(a, b):\n    return a + b\n```\n"


@pytest.fixture
async def server() -> AsyncIterator[ServiceServer]:
    async with serving(Reply(chat_answer(BETTER))) as server:
        yield server


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, server: ServiceServer) -> Iterator[Path]:
    with private_user(monkeypatch) as home:
        write_user_file(home / "config", server.url, "allow")
        for name in ("open", f"closed_{MARKER}"):
            (home / name).mkdir()
        (home / "open" / "a.py").write_text(SOURCE, encoding="utf-8")
        closed = home / f"closed_{MARKER}"
        (closed / ".cloister.toml").write_text("version = 1\nlocal-only = true\n")
        (closed / f"{MARKER}.py").write_text(f"def {MARKER}(add, total):\n    return '{MARKER}'\n")
        (home / "open" / "link.py").symlink_to(closed / f"{MARKER}.py")
        (home / "open" / ".env").write_text(f"TOKEN={MARKER}\n")
        yield home


async def test_p12_no_marker_in_what_is_sent(home: Path, server: ServiceServer) -> None:
    project, closed = home / "open", home / f"closed_{MARKER}"
    uri, secret = (project / "a.py").as_uri(), (closed / f"{MARKER}.py").as_uri()
    async with asking([project, closed], SEND) as session:
        client = session.client
        client.open(secret, f"def {MARKER}(add, total):\n    return '{MARKER}'\n")
        client.insert(secret, 2, 1, 0, f"    {MARKER} = add\n")
        client.insert(secret, 3, 1, 0, f"    # {MARKER} undone\n")
        client.open((project / ".env").as_uri(), f"TOKEN={MARKER}\n")
        client.open(f"untitled:{MARKER}", f"add = total = '{MARKER}'\n")
        client.notify("cloister/didView", {"uri": secret, "firstLine": 0, "lastLine": 2})
        client.notify("cloister/didCopy", {"text": f"add total {MARKER}"})
        problem = {"firstLine": 0, "lastLine": 0, "message": f"{MARKER} is not add"}
        client.notify("cloister/didDiagnose", {"uri": secret, "diagnostics": [problem]})
        client.notify("cloister/didDiagnose", {"uri": uri, "diagnostics": [problem]})
        client.open(uri, SOURCE)
        await client.completed(uri, 1, 14)
        answer = await session.resolve(uri, 0, "Simplify “add”")
        assert "edit" in answer.get("result", {}), answer
    (request,) = server.received
    assert b"total = a + b" in request.body
    assert MARKER.encode() not in request.body + request.path.encode()
    assert MARKER not in "".join(request.headers.values())


async def test_p12_a_message_that_may_quote_another_file_goes_nowhere(
    home: Path, server: ServiceServer
) -> None:
    project, closed = home / "open", home / f"closed_{MARKER}"
    uri = (project / "a.py").as_uri()
    place = {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 9}}
    async with asking([project, closed]) as session:
        session.client.open(uri, SOURCE)
        answer = await session.client.request(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": uri},
                "range": place,
                "context": {"diagnostics": [{"range": place, "message": f"see {MARKER}"}]},
            },
        )
        fixes = [
            it for it in answer["result"] if it["kind"] == "quickfix" and "with" in it["title"]
        ]
        for entry in fixes:
            refused = await session.client.request("codeAction/resolve", entry)
            assert "edit" not in refused["result"]
            assert ".cloister.toml" in await session.told()
        assert fixes
    assert server.received == []
