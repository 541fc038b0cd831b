"""The main path of the product: a real client, the real server, the real engine and its model."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from lsprotocol import types
from lsprotocol.types import Position, Range
from pytest_lsp import ClientServerConfig, LanguageClient

from support.engine_process import private_engine
from support.lsp_client import environment
from support.real_server import AFTER, BEFORE, CLOISTER_LSP, EVERYTHING, LINE, SELF, SELF_ANSWER

URI = "file:///project/config.py"
WITH_EMOJI = 'print("💥é", self.'
N_UNITS = {
    types.PositionEncodingKind.Utf8: len(WITH_EMOJI) + 3 + 1,
    types.PositionEncodingKind.Utf16: len(WITH_EMOJI) + 1,
    types.PositionEncodingKind.Utf32: len(WITH_EMOJI),
}
GHOST_TEXT = types.TextDocumentClientCapabilities(
    inline_completion=types.InlineCompletionClientCapabilities()
)

pytestmark = pytest.mark.model


@pytest.fixture(autouse=True)
async def _engine(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    async with private_engine(monkeypatch):
        yield


@asynccontextmanager
async def editor(
    encoding: types.PositionEncodingKind = types.PositionEncodingKind.Utf16,
    text_document: types.TextDocumentClientCapabilities = GHOST_TEXT,
) -> AsyncIterator[LanguageClient]:
    """Run the server as pytest-lsp does; the environment is the one of this very test."""
    client = await ClientServerConfig(
        server_command=list(CLOISTER_LSP), server_env=environment()
    ).start()
    assert isinstance(client, LanguageClient)
    await client.initialize_session(
        types.InitializeParams(
            process_id=os.getpid(),
            capabilities=types.ClientCapabilities(
                general=types.GeneralClientCapabilities(position_encodings=[encoding]),
                text_document=text_document,
            ),
            initialization_options=EVERYTHING,
            workspace_folders=[types.WorkspaceFolder(uri="file:///project", name="project")],
        )
    )
    yield client
    assert client.messages == []
    await client.shutdown_session()
    await client.stop()  # type: ignore[no-untyped-call]  # pytest-lsp has few types


def open_document(client: LanguageClient, line: str) -> None:
    item = types.TextDocumentItem(URI, "python", 1, BEFORE + line + AFTER)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))


def insert(client: LanguageClient, version: int, place: Position, text: str) -> None:
    change = types.TextDocumentContentChangePartial(Range(place, place), text)
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(version, URI), [change]
        )
    )


async def ghost_text(client: LanguageClient, place: Position) -> types.InlineCompletionItem:
    offered = await client.text_document_inline_completion_async(
        types.InlineCompletionParams(
            types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic),
            types.TextDocumentIdentifier(URI),
            place,
        )
    )
    assert isinstance(offered, types.InlineCompletionList)
    (item,) = offered.items
    return item


async def run_command(client: LanguageClient, command: types.Command) -> object:
    return await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command.command, arguments=command.arguments)
    )


def accepted(
    line: str, item: types.InlineCompletionItem, encoding: types.PositionEncodingKind
) -> str:
    """Return `line` after `item` was accepted, counting code units in the plainest way."""
    codec = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[encoding.value]
    unit_bytes = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding.value]
    assert item.range is not None
    assert item.range.start.line == item.range.end.line == LINE
    encoded = line.encode(codec)
    before = encoded[: item.range.start.character * unit_bytes].decode(codec)
    after = encoded[item.range.end.character * unit_bytes :].decode(codec)
    return f"{before}{item.insert_text}{after}"


@pytest.mark.parametrize("encoding", list(types.PositionEncodingKind))
async def test_what_is_accepted_behind_an_emoji_is_right(
    encoding: types.PositionEncodingKind,
) -> None:
    line = " " * 8 + WITH_EMOJI
    async with editor(encoding) as client:
        open_document(client, WITH_EMOJI)
        place = Position(LINE, 8 + N_UNITS[encoding])
        item = await ghost_text(client, place)
        assert accepted(line, item, encoding) == line + "path)"
        for version, letter in enumerate("pa", 2):
            insert(client, version, place, letter)
            place = Position(LINE, place.character + 1)
        item = await ghost_text(client, place)
        # The range begins with the word that is being typed.
        assert item.insert_text == "path)"
        assert accepted(f"{line}pa", item, encoding) == line + "path)"


async def test_an_accepted_suggestion_is_counted() -> None:
    async with editor() as client:
        open_document(client, SELF)
        item = await ghost_text(client, Position(LINE, 8 + len(SELF)))
        assert item.insert_text == SELF_ANSWER
        assert item.command is not None
        assert await run_command(client, item.command) is None
        status = await run_command(client, types.Command("", "cloister.status"))
        assert isinstance(status, dict)
        assert status["counts"] == {"shown": 1, "accepted": 1}
        assert (status["model"], status["backend"]) == ("cloister-starter-v0", "local")
        assert status["state"] == "ready"


async def test_an_editor_without_ghost_text_gets_the_same_in_its_menu() -> None:
    async with editor(text_document=types.TextDocumentClientCapabilities()) as client:
        open_document(client, SELF)
        place = Position(LINE, 8 + len(SELF))
        offered = await client.text_document_completion_async(
            types.CompletionParams(types.TextDocumentIdentifier(URI), place)
        )
        assert isinstance(offered, types.CompletionList)
        (item,) = offered.items
        assert item.label == SELF_ANSWER
        assert item.text_edit == types.TextEdit(Range(place, place), SELF_ANSWER)
