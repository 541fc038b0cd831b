"""An editor's session in which a service of the user's may be asked, and is answered for."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support.engine_process import stop_engine
from support.lsp_client import Message, RawClient, running
from support.service_answers import chat_delta, events

CLOISTER_LSP = (sys.executable, "-m", "cloister", "lsp")
SEND, NOT = "Send once", "Do not send"
SHOW = "Show what is sent"
CAPABILITIES = {
    "workspace": {"workspaceEdit": {"documentChanges": True}},
    "textDocument": {
        "codeAction": {"dataSupport": True, "resolveSupport": {"properties": ["edit"]}}
    },
}


def chat_answer(text: str) -> bytes:
    """Return the stream in which a service writes this text."""
    usage = {"prompt_tokens": 30, "completion_tokens": 5, "total_tokens": 35}
    return events(
        chat_delta(text), chat_delta(None, "stop"), {"choices": [], "usage": usage}, "[DONE]"
    )


def write_user_file(config: Path, url: str, level: str) -> None:
    """Name the service `work` in the user's file."""
    path = config / "cloister" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'[privacy]\nlevel = "{level}"\n[backends.work]\nprovider = "vllm"\n'
        f'url = "{url}"\nmodel = "some-model"\n',
        encoding="utf-8",
    )


@dataclass
class Asking:
    """The session; `choices` are what the person says, in turn; `shown` is what was shown."""

    client: RawClient
    choices: list[str]
    questions: list[Message] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)

    async def entries(self, uri: str, line: int, character: int = 5) -> list[Message]:
        place = {"line": line, "character": character}
        answer = await self.client.request(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": uri},
                "range": {"start": place, "end": place},
                "context": {"diagnostics": []},
            },
        )
        return list(answer["result"])

    async def resolve(self, uri: str, line: int, title: str) -> Message:
        """Choose the entry that begins with a title and is done by the service."""
        entries = await self.entries(uri, line)
        entry = next(it for it in entries if it["title"].startswith(f"{title} with some-model"))
        return await self.client.request("codeAction/resolve", entry)

    async def told(self, number: int = 1) -> str:
        """Return what the person was told, for the `number`-th time."""
        return str((await self.client.message("window/showMessage", number))["params"]["message"])

    async def answer_questions(self) -> None:
        """Answer what the server asks of the person, until the session ends."""
        seen = 0
        while True:
            message = await self._next_request(seen)
            seen += 1
            self.client.send(
                {"jsonrpc": "2.0", "id": message["id"], "result": self._result(message)}
            )

    async def _next_request(self, seen: int) -> Message:
        async with self.client.arrived:
            await self.client.arrived.wait_for(lambda: len(self._requests()) > seen)
        return self._requests()[seen]

    def _requests(self) -> list[Message]:
        return [it for it in self.client.incoming if "id" in it]

    def _result(self, message: Message) -> Any:
        match message["method"]:
            case "window/showMessageRequest":
                self.questions.append(message["params"])
                return {"title": self.choices.pop(0)} if self.choices else None
            case "window/showDocument":
                path = Path(message["params"]["uri"].removeprefix("file://"))
                assert path.stat().st_mode & 0o077 == 0
                self.shown.append(path.read_text(encoding="utf-8"))
                return {"success": True}
            case _:
                return None


@asynccontextmanager
async def asking(
    folders: Sequence[Path], *choices: str, shows_documents: bool = True
) -> AsyncIterator[Asking]:
    """Run the real server with these folders open."""
    window = {"showDocument": {"support": shows_documents}}
    async with running(CLOISTER_LSP) as client:
        await client.initialize(
            capabilities=CAPABILITIES | {"window": window},
            initializationOptions={"engine": {"idleSeconds": 0}},
            workspaceFolders=[{"uri": it.as_uri(), "name": it.name} for it in folders],
        )
        session = Asking(client, list(choices))
        answering = asyncio.create_task(session.answer_questions())
        try:
            yield session
        finally:
            answering.cancel()
            with suppress(asyncio.CancelledError):
                await answering
            await client.bye()
            # It writes how fast it was before it ends.
            await stop_engine()
