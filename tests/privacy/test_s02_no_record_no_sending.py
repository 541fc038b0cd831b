"""What cannot be written down is not sent, and what came in between shows."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cloister.cli import main
from cloister.egress.audit.verify import read_records, verify
from cloister.egress.errors import EgressFailedError, EgressRefusedError
from cloister.egress.messages import RefusalKind
from support.canary import listening
from support.egress_process import User, answer_of, egress, user_at


def a_file_in_its_place(user: User) -> None:
    user.audit.parent.mkdir(parents=True, exist_ok=True)
    user.audit.write_text("not a folder")


def a_folder_in_the_place_of_the_log(user: User) -> None:
    (user.audit / "audit.jsonl").mkdir(parents=True)


def a_link_in_the_place_of_the_log(user: User) -> None:
    user.audit.mkdir(parents=True)
    (user.audit / "audit.jsonl").symlink_to(user.root / "elsewhere")


def a_full_disk(user: User) -> None:
    user.audit.mkdir(parents=True)
    (user.audit / "audit.jsonl").symlink_to("/dev/full")


@pytest.mark.parametrize(
    "break_log",
    [
        a_file_in_its_place,
        a_folder_in_the_place_of_the_log,
        a_link_in_the_place_of_the_log,
        a_full_disk,
    ],
)
async def test_s02_nothing_is_sent_where_nothing_can_be_written(
    break_log: Callable[[User], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        break_log(user)
        async with egress() as link:
            with pytest.raises(EgressRefusedError, match="audit log cannot be written") as refusal:
                await answer_of(link, user.request())
    assert refusal.value.kind is RefusalKind.AUDIT
    assert server.connections == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
async def test_s02_nothing_is_sent_where_the_folder_may_not_be_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with listening() as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        user.audit.mkdir(parents=True)
        user.audit.chmod(0o500)
        async with egress() as link:
            with pytest.raises(EgressRefusedError, match="audit log cannot be written"):
                await answer_of(link, user.request())
    assert server.connections == 0


async def test_s02_a_process_that_dies_in_between_leaves_its_intent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with listening(answer=b"") as server:
        user = user_at(monkeypatch, tmp_path, server.origin)
        async with egress() as link:
            started = asyncio.ensure_future(answer_of(link, user.request()))
            await server.heard.wait()
            link.kill()
            with pytest.raises(EgressFailedError, match="is gone"):
                await started
    (intent,) = read_records(user.audit)
    found = verify(user.audit)
    assert found.problems == ()
    assert found.unfinished == (intent.details["request_id"],)
    assert main(["audit", "verify"]) == 0
    assert f"The request {intent.details['request_id']} was begun" in capsys.readouterr().out
