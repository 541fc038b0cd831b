"""The ordinary path through the real server, with the answers of a script in place of a model."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_lsp
from lsprotocol import types
from lsprotocol.types import Position, Range
from pytest_lsp import ClientServerConfig, LanguageClient

from support.lsp_client import environment

URI = "file:///project/a.py"
SCRIPT = Path(__file__).with_name("script.json")
SERVER = [sys.executable, "-m", "cloister", "lsp", "--backend", f"scripted:{SCRIPT}"]
CONFIG = ClientServerConfig(server_command=SERVER, server_env=environment())

GHOST_TEXT = types.TextDocumentClientCapabilities(
    inline_completion=types.InlineCompletionClientCapabilities()
)


@pytest_lsp.fixture(config=CONFIG)  # type: ignore[untyped-decorator]  # pytest-lsp has no types
async def with_ghost_text(lsp_client: LanguageClient) -> AsyncIterator[None]:
    await initialize(lsp_client, types.ClientCapabilities(text_document=GHOST_TEXT))
    yield
    await lsp_client.shutdown_session()


@pytest_lsp.fixture(config=CONFIG)  # type: ignore[untyped-decorator]  # pytest-lsp has no types
async def with_menu(lsp_client: LanguageClient) -> AsyncIterator[None]:
    await initialize(lsp_client, types.ClientCapabilities())
    yield
    await lsp_client.shutdown_session()


async def initialize(client: LanguageClient, capabilities: types.ClientCapabilities) -> None:
    await client.initialize_session(
        types.InitializeParams(
            capabilities=capabilities,
            workspace_folders=[types.WorkspaceFolder(uri="file:///project", name="project")],
        )
    )


def open_document(client: LanguageClient, text: str) -> None:
    item = types.TextDocumentItem(uri=URI, language_id="python", version=1, text=text)
    client.text_document_did_open(types.DidOpenTextDocumentParams(text_document=item))


async def ghost_text(client: LanguageClient, position: Position) -> types.InlineCompletionList:
    answer = await client.text_document_inline_completion_async(
        types.InlineCompletionParams(
            text_document=types.TextDocumentIdentifier(URI),
            position=position,
            context=types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic),
        )
    )
    assert isinstance(answer, types.InlineCompletionList)
    return answer


async def test_ghost_text_is_offered_and_its_acceptance_counted(
    with_ghost_text: LanguageClient,
) -> None:
    client = with_ghost_text
    open_document(client, "def add(a, b):\n    \n")
    answer = await ghost_text(client, Position(1, 4))
    assert [(item.insert_text, item.range) for item in answer.items] == [
        ("    return a + b", Range(Position(1, 0), Position(1, 4)))
    ]
    command = answer.items[0].command
    assert command is not None
    await client.workspace_execute_command_async(
        types.ExecuteCommandParams(command.command, arguments=command.arguments)
    )
    status = await client.workspace_execute_command_async(
        types.ExecuteCommandParams("cloister.status")
    )
    assert isinstance(status, dict)
    assert status["counts"]["shown"] == 1
    assert status["counts"]["accepted"] == 1


async def test_typing_moves_the_place_that_is_completed(with_ghost_text: LanguageClient) -> None:
    client = with_ghost_text
    open_document(client, "def add(a, b):\n\n")
    typed = types.TextDocumentContentChangePartial(
        range=Range(Position(1, 0), Position(1, 0)), text="    "
    )
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            types.VersionedTextDocumentIdentifier(version=2, uri=URI), [typed]
        )
    )
    answer = await ghost_text(client, Position(1, 4))
    assert [item.insert_text for item in answer.items] == ["    return a + b"]


async def test_failures_of_the_backend_are_empty_answers(with_ghost_text: LanguageClient) -> None:
    client = with_ghost_text
    open_document(client, "crash\nfail\n")
    assert (await ghost_text(client, Position(0, 5))).items == ()
    assert (await ghost_text(client, Position(1, 4))).items == ()


async def test_an_editor_without_ghost_text_gets_a_menu(with_menu: LanguageClient) -> None:
    client = with_menu
    open_document(client, "def add(a, b):\n    \n")
    answer = await client.text_document_completion_async(
        types.CompletionParams(types.TextDocumentIdentifier(URI), Position(1, 4))
    )
    assert isinstance(answer, types.CompletionList)
    assert answer.is_incomplete
    assert [(item.label, item.text_edit) for item in answer.items] == [
        (
            "return a + b",
            types.TextEdit(Range(Position(1, 0), Position(1, 4)), "    return a + b"),
        )
    ]


async def test_the_editor_can_ask_what_the_model_sees(with_ghost_text: LanguageClient) -> None:
    client = with_ghost_text
    open_document(client, "x = 1\ny = \n")
    place = {"uri": URI, "position": {"line": 1, "character": 4}}
    told = await client.workspace_execute_command_async(
        types.ExecuteCommandParams("cloister.showContext", [place])
    )
    assert isinstance(told, dict)
    assert told["snippets"] == []
    assert told["tokens"] > 0
    assert "x = 1\ny = " in told["prompt"]
    elsewhere = {**place, "uri": "file:///project/unknown.py"}
    assert (
        await client.workspace_execute_command_async(
            types.ExecuteCommandParams("cloister.showContext", [elsewhere])
        )
        is None
    )
