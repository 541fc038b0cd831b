"""A window in which a service is asked by itself, with a local model that plays a script."""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.asking import CAPABILITIES, chat_answer
from support.lsp_client import Message, RawClient, running

READY, NOTED = "cloister/completionReady", "window/logMessage"
SOURCE = "total = 1\nunsure = \nsure = \nnothing = \n"
UNSURE, SURE, NOTHING = (1, 9), (2, 7), (3, 10)
"""Where the local model is not sure of `local`, where it is, and where it writes nothing."""

_RULES = [
    {"after": "unsure = ", "text": "local", "probability": 0.25},
    {"after": "sure = ", "text": "local", "probability": 0.9},
]


def filling(text: str) -> bytes:
    """Return the stream in which a chat model fills a gap with a text."""
    return chat_answer(f"<fill>{text}</fill>")


def write_user_file(
    home: Path, url: str, routing: str, level: str = "allow", more: str = ""
) -> None:
    """Name the service `team` in the user's file, and say when it is asked."""
    path = home / "config" / "cloister" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(user_file_text(url, routing, level, more), encoding="utf-8")


def user_file_text(url: str, routing: str, level: str = "allow", more: str = "") -> str:
    """Return a user's file with the service `team`."""
    return (
        f'[privacy]\nlevel = "{level}"\n[routing]\n{routing}\n[backends.team]\n'
        f'provider = "vllm"\nurl = "{url}"\nmodel = "some-model"\n{more}\n'
    )


def routing(mode: str = "low-confidence", *tasks: str) -> str:
    """Return what a user writes who has the service asked for some tasks, else for completions."""
    return f'mode = "{mode}"\nbackend = "team"\ntasks = {json.dumps(tasks or ("completion",))}\n'


@dataclass(frozen=True)
class Typist:
    """A client with one document open, as it is on the disk."""

    client: RawClient
    uri: str

    def ask(self, place: tuple[int, int]) -> int:
        return self.client.complete(self.uri, *place)

    async def item(self, place: tuple[int, int]) -> Message:
        """Return the only item at a place, empty without one."""
        answer = await self.client.response(self.ask(place))
        items = answer["result"]["items"]
        return dict(items[0]) if items else {}

    async def text(self, place: tuple[int, int]) -> str:
        return str((await self.item(place)).get("insertText", ""))

    async def ready(self, number: int = 1) -> Message:
        return dict((await self.client.message(READY, number))["params"])

    async def note(self, number: int = 1) -> str:
        return str((await self.client.message(NOTED, number))["params"]["message"])

    async def status(self) -> dict[str, Any]:
        told = await self.client.request("workspace/executeCommand", {"command": "cloister.status"})
        return dict(told["result"])


@asynccontextmanager
async def typing(
    home: Path, folder: Path, *rules: Message, source: str = SOURCE
) -> AsyncIterator[Typist]:
    """Run the server with a folder open, and a document in it."""
    script, path = home / "script.json", folder / "a.py"
    script.write_text(json.dumps({"rules": [*rules, *_RULES]}), encoding="utf-8")
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240  # nobody waits for it
    path.write_text(source, encoding="utf-8")
    command = (sys.executable, "-P", "-m", "cloister", "lsp", "--backend", f"scripted:{script}")
    async with running(command) as client:
        await client.initialize(
            capabilities=CAPABILITIES,
            initializationOptions={"completionNotifications": True},
            workspaceFolders=[{"uri": folder.as_uri(), "name": folder.name}],
        )
        client.open(path.as_uri(), source)
        yield Typist(client, path.as_uri())
        await client.bye()
