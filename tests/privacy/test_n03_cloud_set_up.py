"""Everything is set up for a service, and asked of it, in a repository that may not be left.

The user permits everything, names a backend, keeps a key for it and has agreed. The repository says
no, and so nothing arrives; each attempt is refused by the name of its file, and put on record.
"""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from cloister.core.privacy import Piece
from cloister.egress.audit.records import Event
from cloister.egress.errors import EgressRefusedError
from cloister.egress.messages import Approval
from cloister.policy.decide import current_policy, user_privacy
from cloister.settings.user_folders import current_user_folders
from cloister.workspace.protection.consent import ConsentStore, Terms
from support.canary import Canary, listening
from support.egress_process import User, answer_of, egress
from support.lsp_client import running
from support.real_server import messages
from support.whole_run import CLOISTER, MARKER, private_user, whole_run, write_project

pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(sys.platform != "linux", reason="these locks are those of Linux"),
]


@pytest.fixture
async def canary() -> AsyncIterator[Canary]:
    async with listening() as server:
        yield server


@pytest.fixture
async def user(canary: Canary, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[User]:
    with private_user(monkeypatch) as home:
        user = User(home, canary.origin)
        set_up(user)
        yield user


def set_up(user: User) -> None:
    """Permit everything, agree to everything, and write the repository that forbids it."""
    user.write_file()
    project = user.root / "project"
    write_project(project)
    folders = current_user_folders()
    policy = current_policy(lambda: user_privacy(user.file))
    rules = policy.fingerprint(project, [project / "main.py"])
    terms = Terms(project, user.origin, "some-model", rules)
    ConsentStore(folders.state / "cloister" / "consent").grant(terms, datetime.now(UTC))


def refusals(user: User) -> list[str]:
    """Return the records of the audit log that tell of a refusal."""
    lines = [line for path in user.audit.glob("*.jsonl") for line in path.read_text().splitlines()]
    return [line for line in lines if f'"{Event.REFUSED}"' in line]


async def test_n03_a_session_in_the_repository_sends_nothing(user: User, canary: Canary) -> None:
    async with running((CLOISTER, "lsp")) as client:
        answers = await whole_run(client, user.root / "project")
        assert any(answers[:-2])
        assert messages(client) == []
        told = await client.request("workspace/executeCommand", {"command": "cloister.status"})
        assert told["result"]["privacy"]["path"] == str(user.root / "project" / ".cloister.toml")
        assert await client.bye() == 0
    assert canary.connections == 0


async def test_n03_what_is_asked_for_all_the_same_is_refused_and_recorded(
    user: User, canary: Canary
) -> None:
    path = user.root / "project" / "main.py"
    piece = Piece(path, path, 5, 5, f"    # {MARKER} is a secret of this house.", "document")
    async with egress() as link:
        with pytest.raises(EgressRefusedError, match=r"\.cloister\.toml"):
            await answer_of(link, user.request([piece], approval=Approval.RECORD))
    assert canary.connections == 0
    (refusal,) = refusals(user)
    assert ".cloister.toml" in refusal
    assert MARKER not in refusal


async def test_n03_a_command_in_the_repository_is_refused(user: User, canary: Canary) -> None:
    result = await asyncio.to_thread(
        subprocess.run,
        [CLOISTER, "backend", "test", "work"],
        cwd=user.root / "project",
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert ".cloister.toml" in result.stderr
    assert canary.connections == 0
