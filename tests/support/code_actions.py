"""A document and a client that ask for code actions, and what an answer makes of it."""

from typing import Any

from support.lsp_client import Message, RawClient

URI = "file:///project/a.py"
SOURCE = '''\
def add(a, b):
    """Return the sum."""
    total = a + b
    return total


def unused(a):
    result = a
    return a


# cloister: rename a to first
def wish(a):
    return a
'''
RESOLVES = {
    "workspace": {"workspaceEdit": {"documentChanges": True}},
    "textDocument": {
        "codeAction": {
            "dataSupport": True,
            "disabledSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        }
    },
}


async def menu(
    client: RawClient,
    start: tuple[int, int],
    end: tuple[int, int],
    diagnostics: list[Message] | None = None,
) -> list[Message]:
    places = [{"line": line, "character": character} for line, character in (start, end)]
    answer = await client.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": URI},
            "range": dict(zip(("start", "end"), places, strict=True)),
            "context": {"diagnostics": diagnostics or [], "triggerKind": 1},
        },
    )
    return list(answer["result"])


async def resolve(
    client: RawClient, line: int, title: str, diagnostics: list[Message] | None = None
) -> Message:
    entries = await menu(client, (line, 5), (line, 5), diagnostics)
    entry = next(it for it in entries if it["title"] == title)
    return await client.request("codeAction/resolve", entry)


def edited(answer: Message, source: str = SOURCE) -> str:
    """Return the source after the edits of an answer."""
    (change,) = answer["result"]["edit"]["documentChanges"]
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))

    def offset(place: dict[str, Any]) -> int:
        return starts[place["line"]] + int(place["character"])

    text = source
    for it in sorted(change["edits"], key=lambda it: -offset(it["range"]["start"])):
        start, end = offset(it["range"]["start"]), offset(it["range"]["end"])
        text = text[:start] + it["newText"] + text[end:]
    return text
