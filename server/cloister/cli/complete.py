"""`cloister complete PATH:LINE:COLUMN`: one completion, through the same code as in an editor."""

import argparse
import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.core.errors import BackendUnavailableError, SettingsError
from cloister.models.catalogue import expand_home

_MOST_DIGITS = 9

if TYPE_CHECKING:
    from cloister.core.document import DocumentSnapshot
    from cloister.core.text import Text
    from cloister.features.completion.complete import CompletionResult


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "complete",
        help="complete one place in a file",
        description="Complete one place in a file. Lines and columns count from 1, in characters.",
    )
    parser.add_argument("place", metavar="PATH:LINE:COLUMN", help="where the cursor stands")
    parser.add_argument("--root", type=Path, metavar="DIR", help="the workspace folder")
    parser.add_argument("--model", metavar="NAME|PATH", help="a model's name or a .gguf file")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Complete and print; returns 1 when the completion failed."""
    from cloister.core.outcome import OutcomeKind
    from cloister.syntax.languages import language_id_for_path
    from cloister.workspace.documents import read_document

    path, line, column = parse_place(options.place)
    root = _root(options.root)
    document = read_document(path.absolute(), language_id_for_path(path))
    offset = offset_at(document.text, line, column, path)
    result = asyncio.run(_complete(document, offset, root, options.model))
    failed = result.outcome.kind is OutcomeKind.FAILED
    if options.json:
        print(json.dumps(_as_json(document, result), indent=2))
    elif failed:
        raise BackendUnavailableError(result.outcome.reason)
    else:
        from cloister.cli.preview import print_preview

        print_preview(document, offset, result)
    return 1 if failed else 0


def parse_place(place: str) -> tuple[Path, int, int]:
    """Return path, line and column (both from 1) of `PATH:LINE:COLUMN`; SettingsError if wrong."""
    path, line, column = (["", "", *place.rsplit(":", 2)])[-3:]
    if not (path and _is_number(line) and _is_number(column)):
        raise SettingsError(
            f"{place!r} is not a place; write PATH:LINE:COLUMN with numbers from 1, "
            "for example app.py:12:5."
        )
    return expand_home(path), int(line), int(column)


def offset_at(text: "Text", line: int, column: int, path: Path) -> int:
    """Return the offset of a line and column that count from 1; SettingsError beyond the text."""
    if line > text.line_count:
        raise SettingsError(f"{path} has {text.line_count} lines; line {line} does not exist.")
    start, end = text.line_start(line - 1), text.line_end(line - 1)
    if column > end - start + 1:
        raise SettingsError(
            f"Line {line} of {path} ends at column {end - start + 1}; "
            f"column {column} does not exist."
        )
    return start + column - 1


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= _MOST_DIGITS and int(text) > 0


def _root(root: Path | None) -> Path:
    folder = expand_home(str(root or Path.cwd())).absolute()
    if not folder.is_dir():
        raise SettingsError(f"The folder {folder} does not exist; give an existing one to --root.")
    return folder


async def _complete(
    document: "DocumentSnapshot", offset: int, root: Path, model: str | None
) -> "CompletionResult":
    from cloister.app import build_completion
    from cloister.core.request import CompletionRequest, Trigger
    from cloister.settings.settings import Settings

    completion, backend = build_completion(Settings(model=model))
    try:
        request = CompletionRequest(document, offset, Trigger.INVOKED, root)
        return await completion.complete(request, completion.supersede(document.uri))
    finally:
        await backend.close()


def _as_json(document: "DocumentSnapshot", result: "CompletionResult") -> dict[str, object]:
    items = [
        {
            "insert_text": suggestion.text,
            "range": {
                "start": _position(document.text, suggestion.span.start),
                "end": _position(document.text, suggestion.span.end),
            },
        }
        for suggestion in result.suggestions
    ]
    return {
        "items": items,
        "outcome": {"kind": result.outcome.kind.value, "reason": result.outcome.reason},
        "model": result.model,
        "backend": result.backend,
        "timings": asdict(result.timings),
    }


def _position(text: "Text", offset: int) -> dict[str, int]:
    line = text.line_of(offset)
    return {"line": line + 1, "column": offset - text.line_start(line) + 1}
