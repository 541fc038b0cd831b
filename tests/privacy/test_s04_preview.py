"""S04: what is shown before is, byte for byte, what is sent."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cloister.core.invisible import shown
from support.asking import NOT, SEND, SHOW, asking, chat_answer, write_user_file
from support.service_server import Reply, ServiceServer, serving
from support.whole_run import private_user

pytestmark = pytest.mark.model

SOURCE = 'def add(a, b):\n    text = "größe \u202e 😀"\n    total = a + b\n    return total\n'
BETTER = "```python\ndef add(a, b):\n    return a + b\n```\n"


@pytest.fixture
async def server() -> AsyncIterator[ServiceServer]:
    async with serving(Reply(chat_answer(BETTER))) as server:
        yield server


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch, server: ServiceServer) -> Iterator[Path]:
    with private_user(monkeypatch) as home:
        write_user_file(home / "config", server.url, "ask")
        project = home / "project"
        project.mkdir()
        (project / "a.py").write_text(SOURCE, encoding="utf-8")
        yield project


async def test_s04_the_preview_is_what_is_sent(project: Path, server: ServiceServer) -> None:
    uri = (project / "a.py").as_uri()
    async with asking([project], SHOW, SEND) as session:
        session.client.open(uri, SOURCE)
        answer = await session.resolve(uri, 0, "Simplify “add”")
        assert answer["result"]["edit"]["documentChanges"]
        (request,) = server.received
        (preview,) = session.shown
        # Nothing in the body needs an escape, so what is shown is what was sent.
        body = request.body.decode("ascii")
        assert shown(body) == body
        assert preview.endswith(f"\n{body}\n")
        assert f"{project / 'a.py'}:1-5 (document)" in preview
        assert f"Send {len(request.body):,} bytes of a.py to {server.url} " in preview
        assert "größe \u202e 😀" in json.loads(body)["messages"][0]["content"]
        assert len(session.questions) == 2


async def test_s04_an_editor_that_shows_no_documents_is_asked_all_the_same(
    project: Path, server: ServiceServer
) -> None:
    uri = (project / "a.py").as_uri()
    async with asking([project], SEND, shows_documents=False) as session:
        session.client.open(uri, SOURCE)
        answer = await session.resolve(uri, 0, "Simplify “add”")
        assert answer["result"]["edit"]["documentChanges"]
        (question,) = session.questions
        assert SHOW not in [it["title"] for it in question["actions"]]
    assert len(server.received) == 1


async def test_s04_a_no_sends_nothing(project: Path, server: ServiceServer) -> None:
    uri = (project / "a.py").as_uri()
    async with asking([project], NOT) as session:
        session.client.open(uri, SOURCE)
        for number in (1, 2):
            # Nobody who answers is nobody who agrees.
            answer = await session.resolve(uri, 0, "Simplify “add”")
            assert "edit" not in answer["result"]
            assert await session.told(number) == "Nothing was sent."
    assert server.received == []


async def test_s04_a_service_is_asked_for_the_first_time(
    project: Path, server: ServiceServer
) -> None:
    write_user_file(project.parent / "config", server.url, "allow")
    uri = (project / "a.py").as_uri()
    async with asking([project], SEND) as session:
        session.client.open(uri, SOURCE)
        for _ in range(2):
            answer = await session.resolve(uri, 0, "Simplify “add”")
            assert answer["result"]["edit"]["documentChanges"]
        assert len(session.questions) == 1
    assert len(server.received) == 2


async def test_s04_a_consent_is_asked_for_once(project: Path, server: ServiceServer) -> None:
    uri = (project / "a.py").as_uri()
    async with asking([project], "Send, and allow this folder for 30 days") as session:
        session.client.open(uri, SOURCE)
        for _ in range(2):
            answer = await session.resolve(uri, 0, "Simplify “add”")
            assert answer["result"]["edit"]["documentChanges"]
        assert len(session.questions) == 1
    assert len(server.received) == 2
