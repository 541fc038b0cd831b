"""S04: what is shown before is, byte for byte, what is sent."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from cloister.core.invisible import shown
from support.asking import (
    CAPABILITIES,
    CLOISTER_LSP,
    NOT,
    SEND,
    SHOW,
    Asking,
    asking,
    chat_answer,
    write_user_file,
)
from support.lsp_client import running
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


LONG = "Send, and allow this folder for 30 days"


async def test_s04_a_consent_ends_where_other_rules_begin(
    project: Path, server: ServiceServer
) -> None:
    file = project / "sub" / "a.py"
    file.parent.mkdir()
    file.write_text(SOURCE, encoding="utf-8")
    async with asking([project], LONG, SEND) as session:
        session.client.open(file.as_uri(), SOURCE)
        for n_questions in (1, 1, 2):
            if n_questions == 2:
                # A folder below says something of its own: nobody has agreed to what holds there.
                (file.parent / ".cloister.toml").write_text("version = 1\n")
            answer = await session.resolve(file.as_uri(), 0, "Simplify “add”")
            assert answer["result"]["edit"]["documentChanges"]
            assert len(session.questions) == n_questions
    assert len(server.received) == 3


async def test_s04_a_killed_server_leaves_no_preview_for_long(
    project: Path, server: ServiceServer
) -> None:
    uri, place = (project / "a.py").as_uri(), project.parent / "run" / "cloister" / "shown"
    async with running(CLOISTER_LSP) as client:
        await client.initialize(capabilities=CAPABILITIES)
        session = Asking(client, [])
        client.open(uri, SOURCE)
        entries = await session.entries(uri, 0)
        entry = next(it for it in entries if "some-model" in it["title"])
        client.start("codeAction/resolve", entry)
        # Nobody answers, so the question stands, and what would be sent lies there.
        await client.message("window/showMessageRequest")
        client.process.kill()
        await client.ended()
    assert len(list(place.rglob("cloister-preview-*.txt"))) == 1
    async with running(CLOISTER_LSP) as client:
        await client.initialize()
        assert await client.alive()
        assert list(place.iterdir()) == []
        await client.bye()
    assert server.received == []
