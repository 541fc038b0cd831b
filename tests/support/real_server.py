"""`cloister lsp` as editors start it, with the real engine and the bundled model."""

import sys
from pathlib import Path
from typing import Any

from support.lsp_client import Message, RawClient

CLOISTER_LSP = (sys.executable, "-m", "cloister", "lsp")
EVERYTHING = {"completion": {"minConfidence": 0}}
"""Options under which whatever the model writes is shown."""

BEFORE = """class Config:
    def __init__(self, name, path):
        self.name = name
        """
AFTER = """

    def load(self):
        with open(self.path) as file:
            return file.read()
"""
LINE, START = 3, 8
"""Where BEFORE ends."""

SELF, SELF_ANSWER = "self.", "path = path"
"""What stands before the cursor, and what the model then writes."""


async def opened(client: RawClient, uri: str, line: str = SELF, version: int = 1) -> None:
    """Open the sample with `line` in it, and wait until the server has read it."""
    client.open(uri, BEFORE + line + AFTER, version)
    assert await client.alive()


async def answer(client: RawClient, uri: str, line: str = SELF) -> str:
    """Return the suggestion at the end of `line`, which is all ASCII."""
    return await client.completed(uri, LINE, START + len(line))


def ask(client: RawClient, uri: str, line: str = SELF) -> int:
    """Start a request at the end of `line` and return its id."""
    return client.complete(uri, LINE, START + len(line))


async def status(client: RawClient) -> dict[str, Any]:
    """Return what `cloister.status` answers."""
    told = await client.request("workspace/executeCommand", {"command": "cloister.status"})
    return dict(told["result"])


def configure(client: RawClient, options: dict[str, Any]) -> None:
    """Change the settings as an editor does."""
    client.notify("workspace/didChangeConfiguration", {"settings": {"cloister": options}})


def messages(client: RawClient) -> list[str]:
    """Return what people were shown so far."""
    shown: list[Message] = client.all_of("window/showMessage")
    return [message["params"]["message"] for message in shown]


def resident_bytes(process_id: int) -> int:
    """Return the memory that a process occupies."""
    facts = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    return int(facts.partition("VmRSS:")[2].split()[0]) * 1024
