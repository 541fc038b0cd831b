"""Code actions by a real model that follows instructions, from the menu to the edit.

The model is small, and most of what it writes is wrong. What must hold is what holds for any: an
entry ends in an edit after which the file parses as well as before and only its place has changed,
or in one sentence, and never in anything else.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import accumulate
from pathlib import Path

import pytest

from cloister.syntax.errors import syntax_errors
from cloister.syntax.languages import language_for_id
from cloister.syntax.tree import parse
from support.code_actions import RESOLVES
from support.engine_process import private_engine
from support.instruct_model import instruct_model
from support.lsp_client import Message, RawClient, running
from support.real_server import CLOISTER_LSP

pytestmark = pytest.mark.model

FILES = {
    "python": (
        "import os\n\n\n"
        "├def total(prices):\n    result = 0\n    for price in prices:\n"
        "        result += price\n    return result┤\n\n\nprint(os.sep)\n"
    ),
    "javascript": (
        '"use strict";\n\n'
        "├function isAdult(age) {\n\tif (age >= 18) {\n\t\treturn true;\n\t}\n"
        "\treturn false;\n}┤\n\nmodule.exports = { isAdult };\n"
    ),
    "go": (
        "package shop\n\n"
        "├func Max(a, b int) int {\n\tif a > b {\n\t\treturn a\n\t} else {\n"
        "\t\treturn b\n\t}\n}┤\n\nvar limit = Max(1, 2)\n"
    ),
    "rust": (
        "├fn is_empty(items: &Vec<u8>) -> bool {\n    if items.len() == 0 {\n        return true;\n"
        "    }\n    return false;\n}┤\n\nfn main() {}\n"
    ),
    "java": (
        "class Shop {\r\n├  int twice(int number) {\r\n    int result = number + number;\r\n"
        "    return result;\r\n  }┤\r\n\r\n  int one() { return 1; }\r\n}\r\n"
    ),
    "c": (
        "├int sign(int n)\n{\n    if (n < 0)\n        return -1;\n    return 1;\n}┤\n\n"
        "int one = 1;\n"
    ),
}
EXTENSIONS = {
    "python": "py",
    "javascript": "js",
    "go": "go",
    "rust": "rs",
    "java": "java",
    "c": "c",
}


@asynccontextmanager
async def session(root: Path) -> AsyncIterator[RawClient]:
    model = instruct_model()
    with pytest.MonkeyPatch.context() as environment:
        async with private_engine(environment), running(CLOISTER_LSP) as client:
            await client.initialize(
                rootUri=root.as_uri(),
                capabilities=RESOLVES,
                initializationOptions={"actionModel": str(model)},
            )
            yield client


@pytest.mark.timeout(600)
async def test_every_entry_ends_in_an_edit_or_in_a_sentence(tmp_path: Path) -> None:
    async with session(tmp_path) as client:
        endings = [await check(client, tmp_path, language) for language in FILES]
    assert "edited" in endings


async def check(client: RawClient, root: Path, language: str) -> str:
    """Have a function simplified; returns whether it was, having seen that nothing is broken."""
    before, function, after = re.split("[├┤]", FILES[language])
    uri = (root / f"a.{EXTENSIONS[language]}").as_uri()
    source = before + function + after
    item = {"uri": uri, "languageId": language, "version": 1, "text": source}
    client.notify("textDocument/didOpen", {"textDocument": item})
    n_told = len(client.all_of("window/showMessage"))
    entry = await simplification(client, uri, before.count("\n"))
    answer = await client.request("codeAction/resolve", entry)
    told = client.all_of("window/showMessage")[n_told:]
    edit = answer["result"].get("edit")
    if edit is None:
        (message,) = told
        assert message["params"]["message"].endswith((".", "!"))
        return "refused"
    assert not told
    (change,) = edit["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": 1}
    result = edited(source, change["edits"])
    assert result.startswith(before)
    assert result.endswith(after)
    assert result.count("\r\n") == (result.count("\n") if "\r\n" in source else 0)
    assert parse_errors(result, language) == 0
    return "edited"


async def simplification(client: RawClient, uri: str, line: int) -> Message:
    place = {"line": line, "character": 4}
    answer = await client.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": uri},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": [], "triggerKind": 1},
        },
    )
    return next(it for it in answer["result"] if it["title"].startswith("Simplify"))


def edited(source: str, edits: list[Message]) -> str:
    """Return the source after edits; all of it is ASCII."""
    lines = source.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, lines))]

    def offset(place: Message) -> int:
        return starts[place["line"]] + int(place["character"])

    for it in sorted(edits, key=lambda it: -offset(it["range"]["start"])):
        start, end = offset(it["range"]["start"]), offset(it["range"]["end"])
        source = source[:start] + it["newText"] + source[end:]
    return source


def parse_errors(source: str, language: str) -> int:
    known = language_for_id(language)
    assert known is not None
    return len(syntax_errors(parse(source, known)))
