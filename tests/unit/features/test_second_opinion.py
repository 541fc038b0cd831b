"""What a service is asked while somebody types, over a real server and without a clock."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from cloister.core.document import DocumentSnapshot
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Text
from cloister.features.completion import second_opinion
from cloister.features.completion.candidate import Answer
from cloister.features.completion.second_opinion import REST_S, Ready, SecondOpinion
from cloister.features.escalation.escalate import Escalation
from cloister.features.escalation.rules import Rules
from cloister.policy.secrets import REDACTED
from cloister.settings.backends import parse_backend
from cloister.settings.settings import PrivacySettings, RoutingSettings, Settings
from cloister.workspace.protection.consent import ConsentStore
from support.direct_link import DirectLink
from support.made_up_secrets import made_up_secrets
from support.marked import cursor
from support.policies import Machine
from support.routing import filling
from support.service_server import Reply, ServiceServer, serving

SECRET = made_up_secrets()["github token"][1]
UNSURE = Answer("local", 0.25)


class OpenLink(DirectLink):
    running = True

    def kill(self) -> None:
        self.running = False


@dataclass
class Desk:
    """A second opinion of a user below `root` who permits everything, and what came of it."""

    root: Path
    server: ServiceServer
    now: float = 0.0
    settings: Settings = field(
        default_factory=lambda: Settings(
            privacy=PrivacySettings("allow"),
            routing=RoutingSettings("low-confidence", "team", ("completion",)),
        )
    )
    backend: dict[str, object] = field(default_factory=dict)
    pause_ends: asyncio.Event = field(default_factory=asyncio.Event)
    kept: list[Answer] = field(default_factory=list)
    ready: list[Ready] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: list[object] = field(default_factory=list)
    link: OpenLink = field(default_factory=OpenLink)

    def __post_init__(self) -> None:
        self.pause_ends.set()
        values = {"provider": "vllm", "url": self.server.url, "model": "m", **self.backend}
        rules = Rules(
            policy=Machine(self.root).policy(self.settings.privacy),
            privacy=lambda: self.settings.privacy,
            routing=lambda: self.settings.routing,
            services=lambda: {"team": parse_backend("team", values)},
            prices=list,
            consents=ConsentStore(self.root / "consent"),
            spent=lambda _service: 0.0,
            record=lambda _event, details: self.refused.append(details),
            folders=lambda: [self.root],
        )
        escalation = Escalation(self.link, rules, lambda _use: None)  # type: ignore[arg-type]  # without the process
        self.second = SecondOpinion(
            escalation, lambda: self.settings, None, self._pause, lambda: self.now
        )
        self.second.listen(self.ready.append, self.notes.append)

    def place(self, marked: str) -> CompletionRequest:
        text, offset = cursor(marked)
        path = self.root / "a.py"
        document = DocumentSnapshot(path.as_uri(), path, "python", 1, Text(text))
        return CompletionRequest(document, offset, Trigger.AUTOMATIC, self.root)

    def consider(self, request: CompletionRequest, answer: Answer | None = UNSURE) -> None:
        self.second.consider(request, answer, lambda _request, it: self.kept.append(it))

    async def ask(self, marked: str, answer: Answer | None = UNSURE) -> None:
        self.consider(self.place(marked), answer)
        await self.ended()

    async def ended(self) -> None:
        if self.second._asking is not None:
            await self.second._asking

    async def _pause(self, _seconds: float) -> None:
        await self.pause_ends.wait()


@asynccontextmanager
async def desk(
    root: Path, *texts: str, status: int = 200, **backend: object
) -> AsyncIterator[Desk]:
    replies = [Reply(filling(text), status) for text in texts or ("remote",)]
    async with serving(*replies) as server:
        it = Desk(root, server, backend=backend)
        yield it
        await it.second.close()


async def test_a_hundred_keys_are_one_question(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        it.pause_ends.clear()
        for n in range(100):
            request = it.place(f"x = {'y' * n}║")
            it.consider(request)
            await asyncio.sleep(0)
            if n < 99:
                it.second.drop(request.document.uri)
        it.pause_ends.set()
        await it.ended()
        (sent,) = it.server.received
        assert b"y" * 99 + b"<gap/>" in sent.body
        assert [it.text for it in it.kept] == ["remote"]
        assert it.ready == [Ready(request.document, 4 + 99, "m at 127.0.0.1")]


async def test_the_same_place_is_asked_about_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        request = it.place("x = ║")
        for _ in range(3):
            it.consider(request)
            await it.ended()
    assert len(it.server.received) == 1


@pytest.mark.parametrize(
    ("answer", "n_asked"),
    [
        (None, 1),
        (Answer("x", 0.29), 1),
        (Answer("x", 0.3), 0),
        (Answer("x", 0.0, "m at 127.0.0.1"), 0),
    ],
)
async def test_who_is_sure_enough_asks_nobody(
    tmp_path: Path, answer: Answer | None, n_asked: int
) -> None:
    async with desk(tmp_path) as it:
        await it.ask("x = ║", answer)
    assert len(it.server.received) == n_asked


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("remote", ["remote"]),
        ("one\ntwo", ["one"]),
        ("", []),
        ("  \n", []),
        ("a\u202eb", []),
        (f"key({REDACTED})", []),
        ("zero)", ["zero"]),
    ],
)
async def test_answers_are_judged_as_ours_are(
    tmp_path: Path, written: str, kept: list[str]
) -> None:
    async with desk(tmp_path, written) as it:
        await it.ask("x = f(║)\n")
        assert [answer.text for answer in it.kept] == kept
        assert len(it.ready) == len(kept)
        assert it.notes == []


async def test_the_same_text_is_no_news(tmp_path: Path) -> None:
    async with desk(tmp_path, UNSURE.text) as it:
        await it.ask("x = ║")
        assert [answer.source for answer in it.kept] == ["m at 127.0.0.1"]
        assert it.ready == []


async def test_a_service_that_failed_is_left_alone_for_a_while(tmp_path: Path) -> None:
    async with desk(tmp_path, status=500) as it:
        for n in range(3):
            await it.ask(f"x = {n}║")
        assert (len(it.server.received), len(it.notes)) == (1, 1)
        it.now += REST_S
        await it.ask("y = ║")
        assert (len(it.server.received), len(it.notes)) == (2, 1)
        it.second.begin_again()
        await it.ask("z = ║")
        assert (len(it.server.received), len(it.notes)) == (3, 2)


async def test_a_service_that_is_too_slow_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_opinion, "ANSWER_MS", 20)
    async with serving(Reply(holds=True)) as server:
        it = Desk(tmp_path, server)
        await it.ask("x = ║")
        assert it.notes == ["m at 127.0.0.1 did not answer in time."]
        await it.ask("y = ║")
        await it.second.close()


async def test_a_secret_is_told_and_recorded_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        for n in range(3):
            await it.ask(f"key = '{SECRET}'\nx = {n}║")
        assert it.server.received == []
        assert (len(it.notes), len(it.refused)) == (1, 1)
        assert SECRET not in it.notes[0] + str(it.refused)


@pytest.mark.parametrize(
    ("marked", "n_asked"),
    [(f"key = '{SECRET}'\nx = ║", 1), (f"key = '{SECRET[:20]}║{SECRET[20:]}'\n", 0)],
)
async def test_a_secret_is_taken_out_unless_the_cursor_stands_in_it(
    tmp_path: Path, marked: str, n_asked: int
) -> None:
    async with desk(tmp_path) as it:
        privacy = replace(it.settings.privacy, secrets="redact")
        it.settings = replace(it.settings, privacy=privacy)
        await it.ask(marked)
        assert (len(it.server.received), len(it.notes)) == (n_asked, 1 - n_asked)
        sent = b"".join(request.body for request in it.server.received)
        assert SECRET[:20].encode() not in sent
        assert [request.redactions for request in it.link.sent] == [1] * n_asked


@pytest.mark.parametrize(
    ("backend", "field"),
    [
        ({"provider": "llama-cpp-python", "completion": "suffix"}, "suffix"),
        ({"provider": "llama-server"}, "input_suffix"),
        ({"provider": "vllm", "model": "qwen2.5-coder-7b"}, "prompt"),
        ({"provider": "vllm"}, "messages"),
    ],
)
async def test_each_way_of_asking(tmp_path: Path, backend: dict[str, object], field: str) -> None:
    async with desk(tmp_path, **backend) as it:
        await it.ask("x = ║\nafter\n")
        (request,) = it.server.received
        assert "after" in str(request.fields()[field])
        assert [piece.path for piece in it.link.sent[0].pieces] == [str(tmp_path / "a.py")]


@pytest.mark.parametrize("model", ["m", "qwen2.5-coder-7b"])
async def test_of_a_long_file_there_is_told_what_has_room(tmp_path: Path, model: str) -> None:
    # Each of these takes another character in the request.
    lines = '\t"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n",\n' * 2000
    async with desk(tmp_path, model=model, **{"context-tokens": 2000}) as it:
        await it.ask(f"table = {{\n{lines}║\n{lines}}}\n")
        assert (it.notes, len(it.server.received)) == ([], 1)


async def test_a_document_that_is_no_file_stays_here(tmp_path: Path) -> None:
    async with desk(tmp_path) as it:
        request = it.place("x = ║")
        unnamed = replace(request.document, uri="untitled:1", path=None)
        it.consider(replace(request, document=unnamed))
        await it.ended()
        assert (it.server.received, it.notes) == ([], [])
