"""A user with a backend at a server of the test, and the egress process of that user."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from cloister.cli.egress import start_if_permitted
from cloister.core.cancel import CancelToken
from cloister.core.privacy import Origin, Piece
from cloister.egress.client import EgressLink
from cloister.egress.messages import (
    Approval,
    EgressRequest,
    HttpRequest,
    Limits,
    Purpose,
    sent_pieces,
)

KEY = "sk-of-nobody-0123456789"
BODY = '{"prompt": "def größe(): ", "stream": false}'.encode()


@dataclass(frozen=True)
class User:
    """A user below `root`, whose file names the backend `work` at `origin`."""

    root: Path
    origin: Origin

    @property
    def file(self) -> Path:
        return self.root / "config" / "cloister" / "config.toml"

    @property
    def audit(self) -> Path:
        return self.root / "state" / "cloister" / "audit"

    def write_file(self, level: str = "allow", *lines: str) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        key_file = self.root / "key"
        key_file.write_text(KEY, encoding="ascii")
        key_file.chmod(0o600)
        text = f"""
            [privacy]
            level = "{level}"
            [routing]
            mode = "low-confidence"
            backend = "work"
            tasks = ["completion"]
            [backends.work]
            provider = "vllm"
            url = "{self.origin}"
            model = "some-model"
            key = "file"
            key-file = "{key_file}"
        """
        self.file.write_text("\n".join((text, *lines)), encoding="utf-8")

    def source(self, text: str = "def größe(): ", name: str = "a.py") -> Piece:
        """Write a file of a repository and return it as a piece."""
        path = self.root / "repository" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return Piece(path, path.resolve(), 0, text.count("\n"), text, "document")

    def request(self, pieces: Sequence[Piece] = (), **changes: object) -> EgressRequest:
        """Return a request of a completion; `changes` replace fields of it."""
        http = HttpRequest("POST", "/v1/completions", {"content-type": "application/json"}, BODY)
        request = EgressRequest(
            backend="work",
            origin=self.origin,
            http=http,
            pieces=sent_pieces(pieces or [self.source()]),
            purpose=Purpose.COMPLETION,
            model="some-model",
            workspace=str(self.root / "repository"),
            approval=Approval.NONE,
            limits=Limits(20_000.0, 1_000_000),
        )
        return replace(request, **changes)  # type: ignore[arg-type]  # named by the test


def user_at(monkeypatch: pytest.MonkeyPatch, root: Path, origin: Origin) -> User:
    """Give this test a user of its own who permits everything."""
    for name, folder in (("CONFIG", "config"), ("STATE", "state"), ("CACHE", "cache")):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(root / folder))
    monkeypatch.setenv("HOME", str(root))
    user = User(root, origin)
    user.write_file()
    return user


@asynccontextmanager
async def egress() -> AsyncIterator[EgressLink]:
    """Run the egress process of the current user, as an editor does."""
    link = start_if_permitted()
    assert link is not None
    try:
        yield link
    finally:
        link.kill()


async def answer_of(link: EgressLink, request: EgressRequest) -> tuple[int, bytes]:
    """Return status and body of the answer."""
    async with link.exchange(request, CancelToken()) as answer:
        return answer.status, b"".join([chunk async for chunk in answer.chunks])
