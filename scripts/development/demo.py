"""Shows what an editor would show: real files, simulated typing, ghost text from the local model.

Starts `cloister lsp` over stdio with the same client library that tests use, opens each file
without its last typed characters, types them one by one, asks for an inline completion after each,
and prints what the last answer would look like in the editor.

Usage: demo.py [FILE:LINE:COLUMN ...]
"""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from rich.console import Console
from rich.rule import Rule
from rich.text import Text as Styled

from cloister import __version__
from cloister.cli.complete import offset_at, parse_place
from cloister.cli.preview import cost_line, ghost_view
from cloister.core.document import DocumentSnapshot
from cloister.core.errors import CloisterError
from cloister.core.generation import Timings
from cloister.core.text import Text
from cloister.syntax.languages import language_id_for_path
from cloister.workspace.documents import read_document

_ROOT = Path(__file__).resolve().parents[2]
_TYPED_CHARS = 12

# Places in this repository, by the last occurrence of what stands before the cursor, so that edits
# elsewhere do not move them. The rest of the line is what the model has to find.
_PLACES = (
    ("server/cloister/protocol/client.py", "from collections."),
    ("server/cloister/core/errors.py", "class BackendUnavailableError(Clo"),
    ("server/cloister/policy/trigger.py", " > _MOST_L"),
    ("server/cloister/engine/sandbox/__init__.py", "def _level(held: Sequence[str]) -> Is"),
    ("server/cloister/protocol/guard.py", "                self._receive_notification("),
    ("server/cloister/app/window.py", "        outcomes = "),
)


@dataclass(frozen=True)
class Place:
    """Where to complete: a file as it is on disk, and the offset of the cursor."""

    document: DocumentSnapshot
    offset: int
    hidden_chars: int


def main() -> int:
    """Run the demonstration; returns the exit code."""
    try:
        places = [_given(word) for word in sys.argv[1:]] or [_marked(*place) for place in _PLACES]
    except CloisterError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 2
    return asyncio.run(_show_all(places))


def _given(word: str) -> Place:
    path, line, column = parse_place(word)
    document = read_document(path.absolute(), language_id_for_path(path))
    return Place(document, offset_at(document.text, line, column, path), 0)


def _marked(name: str, before: str) -> Place:
    path = _ROOT / name
    document = read_document(path, language_id_for_path(path))
    offset = document.text.value.rindex(before) + len(before)
    end = document.text.line_end(document.text.line_of(offset))
    return Place(document, offset, end - offset)


async def _show_all(places: list[Place]) -> int:
    console = Console(highlight=False, soft_wrap=True)
    client = LanguageClient("cloister-demo", __version__)
    cloister = Path(sys.executable).with_name("cloister")
    await client.start_io(str(cloister), "lsp")
    await client.initialize_async(_initialize_params())
    client.initialized(types.InitializedParams())
    shown = 0
    for place in places:
        shown += await _show(client, console, place)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    console.print(Rule(style="dim"))
    console.print(f"{shown} of {len(places)} places got a suggestion; nothing left this machine.")
    return 0


def _initialize_params() -> types.InitializeParams:
    return types.InitializeParams(
        process_id=None,
        root_uri=_ROOT.as_uri(),
        workspace_folders=[types.WorkspaceFolder(_ROOT.as_uri(), _ROOT.name)],
        capabilities=types.ClientCapabilities(
            general=types.GeneralClientCapabilities(
                position_encodings=[types.PositionEncodingKind.Utf32]
            ),
            text_document=types.TextDocumentClientCapabilities(
                inline_completion=types.InlineCompletionClientCapabilities()
            ),
        ),
    )


async def _show(client: LanguageClient, console: Console, place: Place) -> bool:
    """Type up to the cursor, show the last answer; returns whether there was one."""
    value = place.document.text.value
    after = value[place.offset + place.hidden_chars :]
    line_start = place.document.text.line_start(place.document.text.line_of(place.offset))
    n_typed = min(_TYPED_CHARS, place.offset - line_start)
    uri, text = place.document.uri, Text(value[: place.offset - n_typed] + after)
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(
            types.TextDocumentItem(uri, place.document.language_id, 0, text.value)
        )
    )
    items = await _request(client, uri, text, place.offset - n_typed)
    for version in range(1, n_typed + 1):
        offset = place.offset - n_typed + version
        client.text_document_did_change(_insert(uri, version, text, offset - 1, value[offset - 1]))
        text = Text(value[:offset] + after)
        items = await _request(client, uri, text, offset)
    status = await client.workspace_execute_command_async(
        types.ExecuteCommandParams("cloister.status", [])
    )
    client.text_document_did_close(
        types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
    )
    shown = DocumentSnapshot(uri, place.document.path, place.document.language_id, None, text)
    _print(console, shown, place, items, status)
    return bool(items)


def _insert(
    uri: str, version: int, text: Text, offset: int, char: str
) -> types.DidChangeTextDocumentParams:
    position = _position(text, offset)
    change = types.TextDocumentContentChangePartial(
        range=types.Range(position, position), text=char
    )
    return types.DidChangeTextDocumentParams(
        types.VersionedTextDocumentIdentifier(version=version, uri=uri), [change]
    )


async def _request(
    client: LanguageClient, uri: str, text: Text, offset: int
) -> list[types.InlineCompletionItem]:
    result = await client.text_document_inline_completion_async(
        types.InlineCompletionParams(
            context=types.InlineCompletionContext(types.InlineCompletionTriggerKind.Automatic),
            text_document=types.TextDocumentIdentifier(uri),
            position=_position(text, offset),
        )
    )
    if isinstance(result, types.InlineCompletionList):
        return list(result.items)
    return list(result or [])


def _position(text: Text, offset: int) -> types.Position:
    line = text.line_of(offset)
    return types.Position(line, offset - text.line_start(line))


def _print(
    console: Console,
    document: DocumentSnapshot,
    place: Place,
    items: list[types.InlineCompletionItem],
    status: dict[str, Any],
) -> None:
    path = document.path or Path("untitled")
    line = document.text.line_of(place.offset) + 1
    name = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else path
    console.print(Rule(f"{name}:{line}", align="left", style="dim"))
    ghost = ""
    if items and items[0].range is not None:
        replaced = (
            place.offset - document.text.line_start(line - 1) - items[0].range.start.character
        )
        ghost = str(items[0].insert_text)[replaced:]
    console.print(ghost_view(document, place.offset, ghost, console))
    outcome = _written(status["outcomes"])
    if not ghost:
        console.print(Styled(f"nothing shown: {outcome['reason']}", style="yellow"))
    if place.hidden_chars:
        wanted = place.document.text.value[place.offset : place.offset + place.hidden_chars]
        console.print(Styled(f"the file has: {wanted.strip()}", style="dim"))
    timings = Timings(**{name: outcome[name] for name in Timings.__dataclass_fields__})
    console.print(Styled(cost_line(status["model"], timings), style="dim"))


def _written(outcomes: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the newest outcome that the model worked for.

    A person who types what is shown needs no new answer; then the cost is that of the first one.
    """
    return next((one for one in outcomes if one["prompt_tokens"]), outcomes[0])


if __name__ == "__main__":
    raise SystemExit(main())
