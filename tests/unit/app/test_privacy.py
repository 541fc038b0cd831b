"""What privacy means in one editor window: denied documents, and a file that can break."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from cloister.app import build_services
from cloister.backends.base import Backend, OnLoading
from cloister.backends.scripted import Rule, ScriptedBackend
from cloister.core.cancel import CancelToken
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import CloisterError
from cloister.core.outcome import OutcomeKind
from cloister.core.request import CompletionRequest, Trigger
from cloister.core.text import Text
from cloister.engine.sandbox import Isolation, IsolationLevel
from cloister.protocol.session import Services
from cloister.settings.settings import Settings
from support.policies import mark, write_user_file

TEXT = "one = "


def window() -> Services:
    def make_backend(_settings: Settings, _on_loading: OnLoading) -> Backend:
        return ScriptedBackend([Rule(text="12")])

    return build_services(make_backend, Isolation(IsolationLevel.KERNEL, "Held by a test."))


def request(path: Path) -> CompletionRequest:
    document = DocumentSnapshot(path.as_uri(), path, "python", 1, Text(TEXT))
    return CompletionRequest(document, len(TEXT), Trigger.INVOKED)


@pytest.mark.parametrize("name", ["secrets.py", "customers.py", "link.py"])
async def test_a_denied_document_gets_no_completion_and_a_reason(name: str, tmp_path: Path) -> None:
    mark(tmp_path, 'version = 1\ndeny = ["customers.*"]\n')
    (tmp_path / "link.py").symlink_to("customers.py")
    services = window()
    allowed = await services.completion.complete(request(tmp_path / "a.py"), CancelToken())
    assert allowed.outcome.kind is OutcomeKind.SHOWN
    result = await services.completion.complete(request(tmp_path / name), CancelToken())
    assert result.outcome.kind is OutcomeKind.DECLINED
    assert result.outcome.reason.startswith("This file enters no prompt: ")
    assert TEXT not in result.outcome.reason
    with pytest.raises(CloisterError, match="enters no prompt"):
        await services.completion.tell(request(tmp_path / name))
    await services.close()


async def test_a_users_file_that_breaks_permits_nothing_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_user_file(monkeypatch, tmp_path, 'enabled = false\n[privacy]\nlevel = "ask"\n')
    services, problems = window(), asyncio.Queue[Sequence[str]]()
    services.follow_user_file(problems.put_nowait)
    # Its first step begins to watch.
    await asyncio.sleep(0)
    assert await problems.get() == ()
    assert services.status()["privacy"]["level"] == "ask"
    file.with_name("other").write_text("broken")
    file.with_name("other").replace(file)
    (problem,) = await problems.get()
    assert str(file) in problem
    assert services.status()["privacy"]["level"] == "local-only"
    assert services.status()["state"] == "off"
    await services.close()
