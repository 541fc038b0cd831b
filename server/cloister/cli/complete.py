"""`cloister complete PATH:LINE:COLUMN`: one completion, through the same code as in an editor."""

import argparse
import asyncio
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.core.errors import BackendUnavailableError, SettingsError
from cloister.models.catalogue import absolute_model, expand_home

_MOST_DIGITS = 9

if TYPE_CHECKING:
    from cloister.core.document import DocumentSnapshot
    from cloister.core.text import Text
    from cloister.features.completion.result import CompletionResult
    from cloister.settings.settings import Settings


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
    parser.add_argument(
        "--require-isolation",
        action="store_true",
        help="refuse where the kernel does not keep cloister off the network",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Complete and print; returns 1 when the completion failed."""
    from cloister.core.outcome import OutcomeKind
    from cloister.syntax.languages import language_id_for_path
    from cloister.workspace.documents import read_document

    path, line, column = parse_place(options.place)
    root = chosen_root(options.root)
    document = read_document(path.absolute(), language_id_for_path(path))
    offset = offset_at(document.text, line, column, path)
    result = asyncio.run(_complete(document, offset, root, chosen_settings(options)))
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


def chosen_root(root: Path | None) -> Path:
    """Return the workspace folder; SettingsError when it does not exist."""
    folder = expand_home(str(root or Path.cwd())).absolute()
    if not folder.is_dir():
        raise SettingsError(f"The folder {folder} does not exist; give an existing one to --root.")
    return folder


def chosen_settings(options: argparse.Namespace) -> "Settings":
    """Return the settings of the user's file, changed by what the command line says."""
    from cloister.settings.user_file import read_user_file, user_file_path
    from cloister.settings.user_folders import current_user_folders

    settings, problems = read_user_file(user_file_path(current_user_folders()))
    for problem in problems:
        print(f"cloister: {problem}", file=sys.stderr)
    return replace(
        settings,
        model=absolute_model(options.model) if options.model else settings.model,
        require_isolation=options.require_isolation or settings.require_isolation,
    )


async def _complete(
    document: "DocumentSnapshot", offset: int, root: Path, settings: "Settings"
) -> "CompletionResult":
    from cloister.app import build_completion
    from cloister.core.request import CompletionRequest, Trigger
    from cloister.engine.paths import engine_paths
    from cloister.engine.sandbox import lock_front_end, require_kernel

    completion, backend = build_completion(settings)
    isolation = lock_front_end(engine_paths().directory)
    if settings.require_isolation:
        require_kernel(isolation.level, isolation.reason)
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
