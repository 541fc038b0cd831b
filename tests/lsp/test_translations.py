"""Translations through the real server: a new file beside the old one, or a plain refusal."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.lsp_client import Message, RawClient, running

SCRIPT = Path(__file__).with_name("translations.json")
SERVER = (sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{SCRIPT}")
SOURCE = "def parse_date(text):\r\n    return text\r\n\r\n\r\ndef other():\r\n    pass\r\n"
GO = "package dates\n\nfunc ParseDate(text string) string {\n\treturn text\n}\n"
TYPESCRIPT = "export function parseDate(text: string): string {\n  return text;\n}\n"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[RawClient]:
    file = tmp_path / "dates.py"
    file.write_text(SOURCE, encoding="utf-8", newline="")
    async with running(SERVER) as client:
        await client.initialize(
            rootUri=tmp_path.as_uri(),
            capabilities={
                "workspace": {
                    "workspaceEdit": {"documentChanges": True, "resourceOperations": ["create"]}
                },
                "textDocument": {
                    "codeAction": {
                        "dataSupport": True,
                        "resolveSupport": {"properties": ["edit"]},
                    }
                },
            },
        )
        client.open(file.as_uri(), SOURCE)
        yield client


@pytest.mark.parametrize(
    ("language", "name", "text"),
    [("Go", "parse_date.go", GO), ("TypeScript", "parse-date.ts", TYPESCRIPT)],
)
async def test_a_translation_stands_in_a_new_file(
    client: RawClient, tmp_path: Path, language: str, name: str, text: str
) -> None:
    answer = await translated(client, tmp_path, f"{language} in {name}")
    created, change = answer["result"]["edit"]["documentChanges"]
    assert (created["kind"], created["uri"]) == ("create", (tmp_path / name).as_uri())
    assert created["options"] == {"ignoreIfExists": True}
    assert change["edits"][0]["newText"] == text.replace("\n", "\r\n")
    assert names(tmp_path) == ["dates.py"]


async def test_what_is_no_code_is_refused(client: RawClient, tmp_path: Path) -> None:
    answer = await translated(client, tmp_path, "Rust in parse_date.rs")
    assert "edit" not in answer["result"]
    told = await client.message("window/showMessage")
    assert "valid rust" in told["params"]["message"]


async def test_a_file_that_came_into_being_is_left_alone(client: RawClient, tmp_path: Path) -> None:
    entries = await menu(client, tmp_path)
    (tmp_path / "parse_date.go").touch()
    entry = entries["Translate “parse_date” to Go in parse_date.go"]
    answer = await client.request("codeAction/resolve", entry)
    assert "edit" not in answer["result"]
    assert "Translate “parse_date” to Go in parse_date.go" not in await menu(client, tmp_path)


def names(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.iterdir())


async def translated(client: RawClient, root: Path, target: str) -> Message:
    entry = (await menu(client, root))[f"Translate “parse_date” to {target}"]
    return await client.request("codeAction/resolve", entry)


async def menu(client: RawClient, root: Path) -> dict[str, Message]:
    place = {"line": 1, "character": 5}
    answer = await client.request(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": (root / "dates.py").as_uri()},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": []},
        },
    )
    return {it["title"]: it for it in answer["result"]}
