"""Messages of every method we answer, damaged at random: one answer each, and a server that lives.

The random numbers are always the same ones, so what fails once fails again.
"""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from cloister.protocol.routes import ROUTES
from support.lsp_client import RawClient, running

URI = "file:///nowhere/a.py"
PLACE = {"line": 0, "character": 1}
RANGE = {"start": PLACE, "end": {"line": 1, "character": 0}}
DOCUMENT = {"textDocument": {"uri": URI}}
N_MESSAGES = 600

# What an editor sends, one of each; `exit` and `shutdown` are left out, because they end it.
SOUND: dict[str, Any] = {
    "initialize": {"processId": None, "rootUri": None, "capabilities": {}},
    "initialized": {},
    "textDocument/didOpen": {
        "textDocument": {"uri": URI, "languageId": "python", "version": 1, "text": "a = 1\nb\n"}
    },
    "textDocument/didChange": {
        "textDocument": {"uri": URI, "version": 2},
        "contentChanges": [{"range": RANGE, "text": "x"}, {"text": "a = 1\n"}],
    },
    "textDocument/didSave": DOCUMENT | {"text": "a"},
    "textDocument/didClose": DOCUMENT,
    "textDocument/inlineCompletion": DOCUMENT | {"position": PLACE, "context": {"triggerKind": 1}},
    "textDocument/completion": DOCUMENT | {"position": PLACE, "context": {"triggerKind": 1}},
    "textDocument/codeAction": DOCUMENT
    | {
        "range": RANGE,
        "context": {
            "diagnostics": [{"range": RANGE, "message": "wrong", "severity": 1}],
            "only": ["quickfix"],
        },
    },
    "codeAction/resolve": {"title": "x", "data": {"uri": URI, "version": 1, "action": "fix"}},
    "workspace/executeCommand": {"command": "cloister.act", "arguments": [{"uri": URI}]},
    "workspace/didChangeConfiguration": {
        "settings": {"cloister": {"enabled": True, "completion": {"maxTokens": 8}}}
    },
    "workspace/didChangeWorkspaceFolders": {
        "event": {"added": [{"uri": "file:///nowhere", "name": "n"}], "removed": []}
    },
    "window/workDoneProgress/cancel": {"token": "t"},
    "$/cancelRequest": {"id": 1},
}
ENDINGS = {"exit", "shutdown"}
OTHERS = (
    *(None, True, False, -1, 0, 1, 2**31, -(2**63), 1.5, 1e400, "", "x", "\ud83d", "a\0b"),
    *([], {}, [[]], [None] * 3, {"": None}, {"uri": 5}, "file:///", "untitled:a", "é" * 500),
)


def test_every_method_is_damaged() -> None:
    ours = {name for name in ROUTES if not name.startswith("cloister/")}
    assert set(SOUND) >= ours - ENDINGS


@pytest.mark.parametrize("seed", range(3))
async def test_l01_damaged_messages_get_one_answer_each(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # nothing to guard
    async with running() as client:
        await client.initialize()
        client.notify("initialized", {})
        ids = [sent for sent in send_damaged(client, chance) if sent is not None]
        for message_id in ids:
            await client.response(message_id)
        assert await client.alive()
        assert all(len(client.responses[message_id]) == 1 for message_id in ids)
        # It still does what it is for.
        client.open("file:///nowhere/other.py", "value = 1\n")
        await client.completed("file:///nowhere/other.py", 0, 0)
        assert "Traceback" not in client.stderr()
        assert await client.bye() == 0
    assert len(ids) > N_MESSAGES // 4


def send_damaged(client: RawClient, chance: random.Random) -> Iterator[int | None]:
    """Send messages; yields the id of each request, None for a notification."""
    for number in range(N_MESSAGES):
        method = chance.choice(sorted(SOUND))
        params = copy.deepcopy(SOUND[method])
        for _ in range(chance.choice((0, 1, 1, 2, 4))):
            params = damaged(params, chance)
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if chance.random() < 0.5:  # as often as not
            message["id"] = 10_000 + number
        client.send(message)
        yield message.get("id")


def damaged(value: Any, chance: random.Random) -> Any:
    """Return the value with one thing in it replaced, left out or added."""
    places = list(_places(value))
    if not places or chance.random() < 0.05:  # rarely all of it
        return chance.choice(OTHERS)
    holder, key = chance.choice(places)
    match chance.randrange(4):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder[chance.choice(("uri", "line", "extra", ""))] = chance.choice(OTHERS)
        case _:
            holder[key] = copy.deepcopy(chance.choice(OTHERS))
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield everything within, as its holder and its place there."""
    keys = range(len(value)) if isinstance(value, list) else value
    for key in list(keys) if isinstance(value, dict | list) else ():
        yield value, key
        yield from _places(value[key])


def test_damage_is_something_else_than_what_was_there() -> None:
    chance = random.Random(0)  # noqa: S311  # nothing to guard
    sound = json.dumps(SOUND)
    changed = sum(json.dumps(damaged(json.loads(sound), chance)) != sound for _ in range(200))
    assert changed > 190  # a replacement may be what stood there
