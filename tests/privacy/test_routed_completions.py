"""Completions that a service writes: only where the user wants it, and after the local one."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from cloister.core.privacy import Origin
from cloister.egress.audit.records import Event
from cloister.egress.audit.verify import read_records
from cloister.observe.usage import UsageRecord
from cloister.policy.decide import current_policy, user_privacy
from cloister.workspace.protection.consent import ConsentStore, Terms
from support.made_up_secrets import made_up_secrets
from support.routing import (
    NOTHING,
    SOURCE,
    SURE,
    UNSURE,
    Typist,
    filling,
    routing,
    typing,
    write_user_file,
)
from support.service_answers import chat_delta, events
from support.service_server import Reply, ServiceServer, serving
from support.whole_run import private_user

PRICES = """
[[price]]
provider = "vllm"
model = "*"
input = 1_000_000.0
cached_input = 1_000_000.0
output = 1_000_000.0
"""


@pytest.fixture
async def server() -> AsyncIterator[ServiceServer]:
    async with serving(Reply(filling("remote"))) as server:
        yield server


@pytest.fixture
async def silent() -> AsyncIterator[ServiceServer]:
    """Run a service that begins to answer and never ends."""
    async with serving(Reply(events(chat_delta("<fill>rem")), holds=True)) as server:
        yield server


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with private_user(monkeypatch) as home:
        yield home


def recorded(home: Path) -> list[Event]:
    folder = home / "state" / "cloister" / "audit"
    return [it.event for it in read_records(folder)] if folder.exists() else []


async def routing_holds(typist: Typist, mode: str = "low-confidence") -> None:
    """Wait until the server has read the user's file again."""
    wanted = {"mode": mode, "backend": "team", "tasks": ["completion"]}
    while not wanted.items() <= (await typist.status())["routing"].items():
        pass


async def nothing_was_asked(home: Path, server: ServiceServer, typist: Typist) -> None:
    """Have something else asked, and see that it is the first; whatever waited has ended by then.

    Questions follow each other, and each waits for the same pause.
    """
    write_user_file(home, server.url, routing())
    await routing_holds(typist)
    assert server.received == []
    await typist.text(NOTHING)
    assert (await typist.ready())["position"] == {"line": 3, "character": 10}
    assert len(server.received) == 1


async def test_the_local_answer_comes_first_and_is_replaced(
    home: Path, server: ServiceServer
) -> None:
    write_user_file(home, server.url, routing())
    async with typing(home, home / "project") as typist:
        assert await typist.text(UNSURE) == "local"
        assert await typist.ready() == {
            "uri": typist.uri,
            "version": 1,
            "position": {"line": 1, "character": 9},
            "source": "some-model at 127.0.0.1",
        }
        item = await typist.item(UNSURE)
        assert item["insertText"] == "remote"
        assert item["command"]["tooltip"] == "Written by some-model at 127.0.0.1"
        # What comes from there is not asked for again, and may be typed through.
        typist.client.insert(typist.uri, 2, *UNSURE, "rem")
        assert await typist.text((1, 12)) == "remote"
    assert len(server.received) == 1


async def test_the_record_comes_before_and_tokens_are_counted(
    home: Path, server: ServiceServer
) -> None:
    write_user_file(home, server.url, routing())
    async with typing(home, home / "project") as typist:
        await typist.text(UNSURE)
        await typist.ready()
    (request,) = server.received
    # How the second one ends depends on whether the last bytes came before they were needed.
    intent, ended = read_records(home / "state" / "cloister" / "audit")
    assert intent.event is Event.INTENT
    assert ended.details["request_id"] == intent.details["request_id"]
    assert intent.details["purpose"] == "completion"
    assert intent.details["payload_sha256"] == sha256(request.body).hexdigest()
    assert [it["path"] for it in intent.details["files"]] == [str(home / "project" / "a.py")]
    (use,), _ = UsageRecord.below(home / "state").read([f"{intent.time:%Y-%m}"])
    assert (use.backend, use.workspace) == ("team", str(home / "project"))


@pytest.mark.parametrize(
    "routed",
    [
        "",
        routing("never"),
        routing("ask"),
        routing("low-confidence", "fix"),
        'mode = "low-confidence"\ntasks = ["completion"]\n',
    ],
)
async def test_nobody_is_asked_unless_the_user_wants_it(
    home: Path, server: ServiceServer, routed: str
) -> None:
    write_user_file(home, server.url, routed)
    async with typing(home, home / "project") as typist:
        assert await typist.text(UNSURE) == "local"
        assert await typist.text(NOTHING) == ""
        assert await typist.text(UNSURE) == "local"
        await nothing_was_asked(home, server, typist)


async def test_what_the_model_here_is_sure_of_is_not_asked(
    home: Path, server: ServiceServer
) -> None:
    write_user_file(home, server.url, routing())
    async with typing(home, home / "project") as typist:
        assert await typist.text(SURE) == "local"
        await nothing_was_asked(home, server, typist)


async def test_whoever_went_elsewhere_is_not_told(home: Path, server: ServiceServer) -> None:
    write_user_file(home, server.url, routing())
    async with typing(home, home / "project") as typist:
        await typist.text(UNSURE)
        await typist.text(NOTHING)
        assert (await typist.ready())["position"] == {"line": 3, "character": 10}
        assert await typist.text(UNSURE) == "local"
    assert len(server.received) == 1


async def test_the_next_key_ends_what_is_on_its_way(home: Path, silent: ServiceServer) -> None:
    write_user_file(home, silent.url, routing())
    async with typing(home, home / "project") as typist:
        await typist.text(UNSURE)
        await silent.heard.wait()
        typist.client.insert(typist.uri, 2, *UNSURE, "l")
        await silent.dropped.wait()
        assert await typist.text((1, 10)) == "local"
        assert typist.client.all_of("cloister/completionReady") == []
    assert recorded(home)[:2] == [Event.INTENT, Event.FAILED]


async def test_a_hundred_keys_are_few_questions(home: Path, silent: ServiceServer) -> None:
    write_user_file(home, silent.url, routing())
    async with typing(home, home / "project") as typist:
        asked = [typist.ask(UNSURE)]
        for n in range(100):
            typist.client.insert(typist.uri, n + 2, 1, 9 + n, "x")
            asked.append(typist.ask((1, 10 + n)))
        for message_id in asked:
            await typist.client.response(message_id)
        await silent.heard.wait()
        # At most one for each pause that a busy machine makes.
        assert len(silent.received) <= 5


async def test_p11_a_mark_ends_a_completion_on_its_way(home: Path, silent: ServiceServer) -> None:
    write_user_file(home, silent.url, routing())
    async with typing(home, home / "project") as typist:
        await typist.text(UNSURE)
        await silent.heard.wait()
        (home / "project" / ".cloister.toml").write_text("version = 1\nlocal-only = true\n")
        assert "`local-only = true`" in await typist.note()
        await silent.dropped.wait()
        # From now on nobody is asked, and nobody is told again.
        assert await typist.text(NOTHING) == ""
        assert await typist.text(UNSURE) == "local"
        assert (await typist.status())["privacy"]["level"] == "local-only"
        assert len(typist.client.all_of("window/logMessage")) == 1
    assert len(silent.received) == 1
    assert recorded(home) == [Event.INTENT, Event.FAILED]


@pytest.mark.parametrize(
    "mark", ["version = 1\nlocal-only = true\n", 'version = 1\ndeny = ["a.py"]\n']
)
async def test_text_that_may_not_leave_is_completed_here_alone(
    home: Path, server: ServiceServer, mark: str
) -> None:
    write_user_file(home, server.url, routing())
    project = home / "project"
    (project / "open").mkdir(parents=True)
    (project / "closed").mkdir()
    (project / "closed" / ".cloister.toml").write_text(mark)
    async with typing(home, project) as typist:
        closed = (project / "closed" / "a.py").as_uri()
        typist.client.open(closed, SOURCE)
        await typist.client.completed(closed, *UNSURE)
        await nothing_was_asked(home, server, typist)
        assert typist.client.all_of("window/logMessage") == []


async def test_p12_a_neighbour_that_may_not_leave_stays_out(
    home: Path, server: ServiceServer
) -> None:
    write_user_file(home, server.url, routing())
    project = home / "project"
    for name in ("open", "closed"):
        (project / name).mkdir(parents=True)
        text = f"def total_of_{name}(unsure, nothing, sure):\n    return unsure\n"
        (project / name / f"{name}_neighbour.py").write_text(text)
    (project / "closed" / ".cloister.toml").write_text("version = 1\nlocal-only = true\n")
    async with typing(home, project) as typist:
        for name in ("open", "closed"):
            path = project / name / f"{name}_neighbour.py"
            typist.client.open(path.as_uri(), path.read_text())
        typist.client.notify("cloister/didCopy", {"text": "total unsure c4n4ry"})
        await typist.text(UNSURE)
        await typist.ready()
    (request,) = server.received
    assert b"total_of_closed" not in request.body
    assert b"closed_neighbour" not in request.body
    assert b"c4n4ry" not in request.body


async def test_nobody_is_asked_to_agree_while_typing(home: Path, server: ServiceServer) -> None:
    write_user_file(home, server.url, routing(), level="ask")
    async with typing(home, home / "project") as typist:
        assert await typist.text(UNSURE) == "local"
        note = await typist.note()
        assert "choose a code action “with some-model at 127.0.0.1…”" in note
        assert (await typist.status())["routing"]["note"] == note
        assert typist.client.all_of("window/showMessageRequest") == []
        assert server.received == []
        # Once somebody has agreed, it is asked.
        agree(home, server)
        typist.client.insert(typist.uri, 2, *UNSURE, "l")
        await typist.text((1, 10))
        await typist.ready()
        assert len(typist.client.all_of("window/logMessage")) == 1
    assert len(server.received) == 1
    assert recorded(home)[:2] == [Event.REFUSED, Event.INTENT]


def agree(home: Path, server: ServiceServer) -> None:
    """Have agreed to what is sent of the project."""
    project = home / "project"
    file = home / "config" / "cloister" / "config.toml"
    policy = current_policy(lambda: user_privacy(file)).fingerprint(project, {project / "a.py"})
    terms = Terms(project.resolve(), Origin("http", "127.0.0.1", server.port), "some-model", policy)
    ConsentStore(home / "state" / "cloister" / "consent").grant(terms, datetime.now(UTC))


async def test_s05_a_secret_stays_here(home: Path, server: ServiceServer) -> None:
    write_user_file(home, server.url, routing())
    async with typing(home, home / "project") as typist:
        typist.client.insert(
            typist.uri, 2, 0, 0, f"key = '{made_up_secrets()['github token'][1]}'\n"
        )
        place = (UNSURE[0] + 1, UNSURE[1])
        assert await typist.text(place) == "local"
        assert "looks like a secret in line 1" in await typist.note()
        typist.client.insert(typist.uri, 3, *place, "l")
        assert await typist.text((place[0], place[1] + 1)) == "local"
    assert server.received == []
    assert recorded(home) == [Event.REFUSED]


async def test_a_budget_that_is_spent_is_told_once(home: Path, server: ServiceServer) -> None:
    write_user_file(home, server.url, routing(), more="monthly-budget = 1")
    (home / "config" / "cloister" / "prices.toml").write_text(PRICES)
    async with typing(home, home / "project") as typist:
        await typist.text(UNSURE)
        assert "monthly budget" in await typist.note()
        for n in range(3):
            typist.client.insert(typist.uri, n + 2, 1, 9 + n, "z")
            assert await typist.text((1, 10 + n)) == ""
        await nothing_but_notes(typist)
    assert server.received == []


async def nothing_but_notes(typist: Typist) -> None:
    assert len(typist.client.all_of("window/logMessage")) == 1
    assert typist.client.all_of("window/showMessage") == []
    assert typist.client.all_of("cloister/completionReady") == []


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(b"{}", 500), "a problem of its own"),
        (Reply(b"{}", 401), "refused the key"),
        (Reply(b"{}", 429, {"Retry-After": "7"}), "no more requests now"),
        (Reply(b"", 200, is_cut=True), "broke off"),
    ],
)
async def test_a_service_that_fails_leaves_the_local_answer(
    home: Path, reply: Reply, words: str
) -> None:
    async with serving(reply) as server:
        write_user_file(home, server.url, routing())
        async with typing(home, home / "project") as typist:
            assert await typist.text(UNSURE) == "local"
            assert words in await typist.note()
            assert await typist.text(NOTHING) == ""
            assert await typist.text(UNSURE) == "local"
            await nothing_but_notes(typist)
    # It is left alone for a while.
    assert len(server.received) == 1


async def test_nobody_answers_there(home: Path) -> None:
    async with serving(Reply()) as gone:
        url = gone.url
    write_user_file(home, url, routing())
    async with typing(home, home / "project") as typist:
        assert await typist.text(UNSURE) == "local"
        assert url.removeprefix("http://") in await typist.note()
        assert await typist.text(UNSURE) == "local"
        await nothing_but_notes(typist)


async def test_the_process_with_the_network_is_killed(home: Path, silent: ServiceServer) -> None:
    write_user_file(home, silent.url, routing())
    async with typing(home, home / "project") as typist:
        await typist.text(UNSURE)
        await silent.heard.wait()
        os.kill(egress_process(typist.client.process.pid), signal.SIGKILL)
        assert "is gone" in await typist.note()
        assert await typist.text(NOTHING) == ""
        assert await typist.text(UNSURE) == "local"
        await nothing_but_notes(typist)
    assert len(silent.received) == 1


def egress_process(pid: int) -> int:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    (found,) = (
        it for it in children if b"\0egress\0run" in Path(f"/proc/{it}/cmdline").read_bytes()
    )
    return int(found)


async def test_never_ends_what_is_on_its_way_and_the_entries(
    home: Path, silent: ServiceServer
) -> None:
    write_user_file(home, silent.url, routing())
    async with typing(home, home / "project") as typist:
        await typist.text(UNSURE)
        await silent.heard.wait()
        write_user_file(home, silent.url, routing("never"))
        await silent.dropped.wait()
        await routing_holds(typist, "never")
        assert await typist.text(NOTHING) == ""
    assert len(silent.received) == 1
