"""The table of services in `cases/services.toml`, and what they are asked there."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cloister.core.chat import Message, Role
from cloister.core.context import CompletionContext, Snippet
from cloister.core.text import Span
from cloister.egress.dialects import Chat
from support.service_server import Reply

CHAT = Chat((Message(Role.SYSTEM, "Be brief."), Message(Role.USER, "Hi")), 10)
CONTEXT = CompletionContext(
    "a.py", "def f():\n    ", "\n", Span(0, 14), (Snippet("b.py", 0, 0, "z = 3\n", "siblings"),)
)
TEXT = "return a + b"


@dataclass(frozen=True, slots=True)
class ServiceCase:
    """One way of asking one provider; `facts` are the table's row."""

    facts: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.facts["name"])

    @property
    def provider(self) -> str:
        return str(self.facts["provider"])

    @property
    def way(self) -> str:
        return str(self.facts["way"])

    @property
    def answer(self) -> bytes:
        return str(self.facts["answer"]).encode()

    def reply(self, body: bytes, *, holds: bool = False, is_cut: bool = False) -> Reply:
        """Return a success with a body."""
        headers = {"Content-Type": self.facts["content-type"]}
        return Reply(body, headers=headers, holds=holds, is_cut=is_cut)

    def refusal(self, kind: str, **headers: str) -> Reply:
        """Return an answer that is not a success, by its key in the table."""
        refused = self.facts[kind]
        return Reply(refused["body"].encode(), refused["status"], headers)

    def broken_off(self) -> bytes:
        """Return the first objects of the answer, and an error after them."""
        error = json.dumps(json.loads(self.facts["error-in-the-middle"])).encode()
        if b"data: " not in self.answer:
            return b"".join(self.answer.splitlines(keepends=True)[:1]) + error + b"\n"
        start = self.answer.index(b"return a")
        end = self.answer.index(b"\n\n", start) + 2
        return self.answer[:end] + b"data: " + error + b"\n\n"


def all_services() -> list[ServiceCase]:
    """Return every row of the table."""
    path = Path(__file__).parents[1] / "cases" / "services.toml"
    return [ServiceCase(it) for it in tomllib.loads(path.read_text("utf-8"))["service"]]
