"""The egress process as its owner sees it: refusals, cancelling, deadlines, and its end."""

import asyncio
import re
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cloister.core.cancel import CancelToken, StoppedError
from cloister.core.privacy import Origin
from cloister.egress.audit.records import Event
from cloister.egress.audit.verify import read_records, verify
from cloister.egress.client import EgressLink
from cloister.egress.errors import EgressFailedError, EgressRefusedError
from cloister.egress.messages import (
    Approval,
    EgressRequest,
    FailureKind,
    Limits,
    Purpose,
    RefusalKind,
)
from support.canary import listening
from support.egress_process import KEY, User, answer_of, egress, user_at
from support.engine_process import exit_of
from support.locked_process import run_script, script_environment

HELD = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"


async def refused(link: EgressLink, request: EgressRequest) -> EgressRefusedError:
    with pytest.raises(EgressRefusedError) as refusal:
        await answer_of(link, request)
    return refusal.value


def events(user: User) -> list[Event]:
    return [record.event for record in read_records(user.audit)]


async def test_it_says_how_it_is_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        async with egress() as link:
            await answer_of(link, user.request())
            assert link.ready is not None
            assert link.ready.isolation == "kernel"
            assert link.ready.isolation_reason == "Held by Landlock, seccomp, audit hook."


async def test_names_are_resolved_behind_the_lock(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, replace(server.origin, host="localhost"))
        async with egress() as link:
            assert await answer_of(link, user.request()) == (200, b"{}")
    assert f"Host: localhost:{server.port}" in server.head


def test_somebody_who_starts_it_by_hand_is_told() -> None:
    command = [sys.executable, "-P", "-m", "cloister", "egress", "run"]
    result = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("cloister: This is started by editors")


async def test_what_is_refused_is_recorded_and_nothing_leaves(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        user.write_file("ask")
        protected = user.source(name="protected/b.py")
        (protected.path.parent / ".cloister.toml").write_text("version = 1\nlocal-only = true\n")
        secret = user.source(name=".env")
        async with egress() as link:
            asked = user.request(approval=Approval.PREVIEW)
            kinds = [
                (await refused(link, request)).kind
                for request in (
                    user.request(),
                    user.request(approval=Approval.RECORD),
                    user.request([protected], approval=Approval.PREVIEW),
                    user.request([secret], approval=Approval.PREVIEW),
                    replace(asked, pieces=()),
                    replace(asked, backend="other"),
                    replace(asked, origin=replace(server.origin, port=1)),
                )
            ]
            assert await answer_of(link, asked) == (200, b"{}")
    assert kinds == [
        RefusalKind.APPROVAL,
        RefusalKind.APPROVAL,
        RefusalKind.POLICY,
        RefusalKind.POLICY,
        RefusalKind.PROVENANCE,
        RefusalKind.ORIGIN,
        RefusalKind.ORIGIN,
    ]
    assert events(user) == [Event.REFUSED] * 7 + [Event.INTENT, Event.SENT]
    assert server.connections == 1
    records = list(read_records(user.audit))
    assert [record.details.get("kind") for record in records[:7]] == kinds
    assert records[2].details["files"][0]["path"] == str(protected.path)
    assert verify(user.audit).problems == ()


async def test_the_users_file_counts_as_it_is_now(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        async with egress() as link:
            assert await answer_of(link, user.request()) == (200, b"{}")
            user.write_file("local-only")
            assert (await refused(link, user.request())).kind is RefusalKind.POLICY
            # Taken back for this run: what was forbidden once stays so.
            user.write_file("allow")
            assert (await refused(link, user.request())).kind is RefusalKind.POLICY
    assert server.connections == 1


async def test_a_budget_that_cannot_be_counted_against_is_spent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        user.write_file("allow", "monthly-budget = 1")
        month = f"{date.today():%Y-%m}"  # noqa: DTZ011  # the user's own
        (tmp_path / "state/cloister/usage" / f"usage-{month}.jsonl").mkdir(parents=True)
        async with egress() as link:
            refusal = await refused(link, user.request())
            assert refusal.kind is RefusalKind.BUDGET
            assert "cannot be read (Is a directory), so nothing is sent" in str(refusal)
            (record,) = read_records(user.audit)
            assert (record.event, record.details["reason"]) == (Event.REFUSED, str(refusal))
            user.write_file()
            assert await answer_of(link, user.request()) == (200, b"{}")
        assert server.connections == 1


async def test_without_a_backend_or_a_level_it_is_not_started(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from cloister.cli.egress import start_if_permitted

    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        user.write_file("local-only")
        assert start_if_permitted() is None
        user.write_file("allow")
        monkeypatch.setenv("CLOISTER_LOCAL_ONLY", "1")
        assert start_if_permitted() is None
        monkeypatch.delenv("CLOISTER_LOCAL_ONLY")
        user.file.write_text('[privacy]\nlevel = "allow"\n')
        assert start_if_permitted() is None
        user.file.unlink()
        assert start_if_permitted() is None


async def test_under_local_only_a_server_on_this_machine_needs_the_users_word(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        user.write_file("local-only")
        text = user.file.read_text().replace("[privacy]", "[privacy]\nloopback = true")
        user.file.write_text(text)
        async with egress() as link:
            assert await answer_of(link, user.request()) == (200, b"{}")
            user.file.write_text(text.replace(str(server.origin), "https://api.example"))
            request = user.request(origin=Origin("https", "api.example", 443))
            assert (await refused(link, request)).kind is RefusalKind.POLICY


async def test_a_request_that_is_cancelled_ends_at_the_server_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening(HELD) as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        async with egress() as link:
            cancel = CancelToken()
            async with link.exchange(user.request(), cancel) as answer:
                assert await anext(answer.chunks) == b"half"
                cancel.cancel()
                with pytest.raises(StoppedError):
                    await anext(answer.chunks)
            await server.closed.wait()
            # Whoever leaves early cancels too, and what comes next finds both written down.
            async with link.exchange(user.request(), CancelToken()):
                pass
            with pytest.raises(EgressFailedError):
                await answer_of(link, user.request(limits=Limits(200.0, 1000)))
    failed = [it for it in read_records(user.audit) if it.event is Event.FAILED]
    kinds = [record.details["kind"] for record in failed]
    assert kinds == [FailureKind.CANCELLED, FailureKind.CANCELLED, FailureKind.TIMEOUT]
    assert failed[0].details["bytes_in"] == 4


async def test_what_is_forbidden_meanwhile_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening(HELD) as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        piece = user.source()
        async with egress() as link:
            async with link.exchange(user.request([piece]), CancelToken()) as answer:
                assert await anext(answer.chunks) == b"half"
                mark = piece.path.parent / ".cloister.toml"
                mark.write_text("version = 1\nlocal-only = true\n")
                with pytest.raises(EgressFailedError, match=re.escape(str(mark))) as failure:
                    await anext(answer.chunks)
            await server.closed.wait()
    assert failure.value.kind is FailureKind.POLICY
    assert events(user) == [Event.INTENT, Event.FAILED]


@pytest.mark.parametrize(
    "damage",
    [b"\x00\x00\x00\x02{}", b"\xff\xff\xff\xff", b"GET / HTTP/1.1\r\n\r\n", b"\x00", b""],
)
async def test_damage_from_its_owner_is_its_end(
    damage: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    user_at(monkeypatch, tmp_path, Origin("http", "127.0.0.1", 1))
    ours, theirs = socket.socketpair()
    with theirs:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "cloister", "egress", "run"),
            stdin=theirs,
            stdout=theirs,
            stderr=asyncio.subprocess.PIPE,
        )
    ours.sendall(damage)
    ours.shutdown(socket.SHUT_WR)
    _, said = await process.communicate()
    ours.close()
    assert process.returncode == 0
    assert said.count(b"\n") <= 1
    assert b"Traceback" not in said


async def test_a_deadline_ends_a_silent_server(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening(HELD) as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        async with egress() as link:
            with pytest.raises(EgressFailedError, match="in time") as failure:
                await answer_of(link, user.request(limits=Limits(200.0, 1000)))
    assert failure.value.kind is FailureKind.TIMEOUT
    assert events(user) == [Event.INTENT, Event.FAILED]


async def test_requests_are_answered_side_by_side(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        async with egress() as link:
            answers = await asyncio.gather(*(answer_of(link, user.request()) for _ in range(5)))
    assert answers == [(200, b"{}")] * 5
    assert verify(user.audit).problems == ()
    assert sorted(events(user)) == sorted([Event.INTENT, Event.SENT] * 5)


async def test_a_key_that_is_turned_down_is_read_anew(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    denied = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
    async with listening(denied) as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        async with egress() as link:
            assert await answer_of(link, user.request()) == (401, b"")
            assert f"Bearer {KEY}" in server.head
            (user.root / "key").write_text("sk-new")
            await answer_of(link, user.request())
            assert "Bearer sk-new" in server.head


async def test_a_killed_process_is_gone_for_good(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening(HELD) as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        async with egress() as link:
            async with link.exchange(user.request(), CancelToken()) as answer:
                assert await anext(answer.chunks) == b"half"
                link.kill()
                with pytest.raises(EgressFailedError, match="is gone"):
                    await anext(answer.chunks)
            await server.closed.wait()
            assert not link.running
            for _ in range(2):
                with pytest.raises(EgressFailedError, match="is gone"):
                    await answer_of(link, user.request())
            link.kill()
    assert server.connections == 1


OWNER = """
from cloister.cli.egress import start_if_permitted
link = start_if_permitted()
print(link.pid)
sys.stdout.flush()
sys.stdin.read()
"""


async def test_it_dies_with_its_owner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    async with listening() as server:
        user_at(monkeypatch, tmp_path, server.origin)
        owner = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            f"import sys\n{OWNER}",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env=script_environment(),
        )
        assert owner.stdout is not None
        pid = int(await owner.stdout.readline())
        ended = asyncio.ensure_future(exit_of(pid))
        owner.kill()
        await owner.wait()
        await ended


LOCKED = """
import asyncio
from cloister.cli.egress import start_if_permitted
from cloister.core.privacy import Origin
from cloister.egress.errors import EgressFailedError
from cloister.engine.sandbox import lock_front_end
from support.egress_process import User, answer_of

async def attempt_to_send(link, user):
    try:
        return (await answer_of(link, user.request()))[0]
    except EgressFailedError as error:
        return error.kind

async def send_twice(root, port):
    user = User(root, Origin("http", "127.0.0.1", port))
    early = start_if_permitted()
    level = lock_front_end(root).level
    late = start_if_permitted()
    outcomes = [await attempt_to_send(link, user) for link in (early, late)]
    print(json.dumps([level, *outcomes]))
    early.kill()
    late.kill()

asyncio.run(send_twice(Path(sys.argv[1]), int(sys.argv[2])))
"""


async def test_only_who_was_started_before_the_lock_reaches_anybody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user_at(monkeypatch, tmp_path, server.origin)
        said = await asyncio.to_thread(run_script, LOCKED, str(tmp_path), str(server.port))
    assert said == ["kernel", 200, FailureKind.UNREACHABLE]
    assert server.connections == 1


async def test_a_key_command_is_run_by_a_process_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        command = f'key = "command"\nkey-command = ["{sys.executable}", "-c", "print(\'{KEY}\')"]'
        lines = user.file.read_text().splitlines()
        kept = [line for line in lines if not line.strip().startswith("key")]
        user.file.write_text("\n".join((*kept, command)))
        async with egress() as link:
            assert await answer_of(link, user.request()) == (200, b"{}")
    assert f"Bearer {KEY}" in server.head


async def test_the_policy_is_asked_again_when_the_key_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        mark = tmp_path / "repository" / ".cloister.toml"
        tell = tmp_path / "tell.py"
        # While somebody is asked for the key the repository is marked.
        tell.write_text(f"open({str(mark)!r}, 'w').write('local-only = true')\nprint({KEY!r})\n")
        command = f'key = "command"\nkey-command = ["{sys.executable}", "{tell}"]'
        lines = user.file.read_text().splitlines()
        kept = [line for line in lines if not line.strip().startswith("key")]
        user.file.write_text("\n".join((*kept, command)))
        async with egress() as link:
            refusal = await refused(link, user.request())
    assert refusal.kind is RefusalKind.POLICY
    assert server.connections == 0
    assert events(user) == [Event.REFUSED]


@pytest.mark.parametrize(
    ("routing", "purpose", "words"),
    [
        ("never", Purpose.COMPLETION, "is never"),
        ("never", Purpose.ACTION, "is never"),
        ("ask", Purpose.COMPLETION, "asked for completions"),
        ("ask", Purpose.ACTION, ""),
        ("low-confidence", Purpose.COMPLETION, ""),
    ],
)
async def test_only_what_the_user_has_sent_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, routing: str, purpose: Purpose, words: str
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        text = user.file.read_text(encoding="utf-8")
        async with egress() as link:
            user.file.write_text(text.replace('"low-confidence"', f'"{routing}"'))
            request = user.request(purpose=purpose)
            if words:
                assert words in str(await refused(link, request))
            else:
                assert await answer_of(link, request) == (200, b"{}")
        assert server.connections == (not words)
