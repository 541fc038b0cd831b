"""Code actions that a service does by itself, after the model here could not."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from support.asking import NOT, SEND, Asking, chat_answer
from support.lsp_client import Message
from support.routing import routing, typing, write_user_file
from support.service_server import Reply, ServiceServer, serving
from support.whole_run import private_user

TITLE, SOURCE = "Simplify “add”", "def add(a, b):\n    total = a + b\n    return total\n"
BETTER = "```python\ndef add(a, b):\n    return a + b\n```\n"
TALK: Message = {"instruction": "careful programmer", "text": "I do not know."}
ABLE: Message = {"instruction": "careful programmer", "text": BETTER}
ROUTED = routing("low-confidence", "simplify")
AUTHOR = "some-model at 127.0.0.1 wrote this: the model here could not."


@pytest.fixture
async def server() -> AsyncIterator[ServiceServer]:
    async with serving(Reply(chat_answer(BETTER))) as server:
        yield server


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with private_user(monkeypatch) as home:
        yield home


@asynccontextmanager
async def acting(
    home: Path, *rules: Message, choices: tuple[str, ...] = ()
) -> AsyncIterator[Asking]:
    """Run the server, and answer what it asks of the person with `choices`."""
    async with typing(home, home / "project", *rules) as typist:
        session = Asking(typist.client, list(choices))
        typist.client.change(typist.uri, 2, [{"text": SOURCE}])
        answering = asyncio.create_task(session.answer_questions())
        try:
            yield session
        finally:
            answering.cancel()
            with suppress(asyncio.CancelledError):
                await answering


async def chosen(session: Asking, home: Path, title: str = TITLE) -> Message:
    """Choose an entry of the menu."""
    entries = await session.entries((home / "project" / "a.py").as_uri(), 0)
    entry = next(it for it in entries if it["title"] == title)
    return await session.client.request("codeAction/resolve", entry)


@pytest.mark.parametrize("rules", [(), (TALK,)])
async def test_the_service_does_what_the_model_here_could_not(
    home: Path, server: ServiceServer, rules: tuple[Message, ...]
) -> None:
    write_user_file(home, server.url, ROUTED)
    async with acting(home, *rules, choices=(SEND,)) as session:
        answer = await chosen(session, home)
        assert answer["result"]["edit"]["documentChanges"]
        assert await session.told() == AUTHOR
        # Nothing of this kind went there before.
        assert len(session.questions) == 1
    assert len(server.received) == 1


async def test_the_model_here_is_first(home: Path, server: ServiceServer) -> None:
    write_user_file(home, server.url, ROUTED)
    async with acting(home, ABLE) as session:
        assert (await chosen(session, home))["result"]["edit"]["documentChanges"]
        assert session.client.all_of("window/showMessage") == []
    assert server.received == []


@pytest.mark.parametrize("routed", ["", routing("ask", "simplify"), routing()])
async def test_nobody_is_asked_unless_the_user_wants_it(
    home: Path, server: ServiceServer, routed: str
) -> None:
    write_user_file(home, server.url, routed)
    async with acting(home, TALK) as session:
        assert "edit" not in (await chosen(session, home))["result"]
        assert AUTHOR not in await session.told()
    assert server.received == []


async def test_a_no_leaves_what_was_said_here(home: Path, server: ServiceServer) -> None:
    write_user_file(home, server.url, ROUTED, level="ask")
    async with acting(home, TALK, choices=(NOT,)) as session:
        assert "edit" not in (await chosen(session, home))["result"]
        told = await session.told()
        assert told.endswith(" Nothing was sent.")
        assert told != "Nothing was sent."
        assert len(session.questions) == 1
    assert server.received == []


async def test_under_never_no_service_is_offered_or_asked(
    home: Path, server: ServiceServer
) -> None:
    write_user_file(home, server.url, routing("never", "simplify"))
    async with acting(home, TALK) as session:
        uri = (home / "project" / "a.py").as_uri()
        entries = await session.entries(uri, 0)
        assert [it["title"] for it in entries if "some-model" in it["title"]] == []
        kept = next(it for it in entries if it["title"] == TITLE)
        kept["data"] |= {"service": "team", "title": f"{TITLE} with some-model at 127.0.0.1"}
        assert "edit" not in (await session.client.request("codeAction/resolve", kept))["result"]
        assert "`mode` of `[routing]` is never" in await session.told()
    assert server.received == []


async def test_a_service_that_is_gone_leaves_what_was_said_here(home: Path) -> None:
    async with serving(Reply()) as gone:
        url = gone.url
    write_user_file(home, url, ROUTED)
    async with acting(home, TALK, choices=(SEND,)) as session:
        assert "edit" not in (await chosen(session, home))["result"]
        assert url.removeprefix("http://") in await session.told()
