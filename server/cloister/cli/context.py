"""`cloister context PATH:LINE:COLUMN`: what the model is told at a place, and why."""

import argparse
import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.core.errors import SettingsError

if TYPE_CHECKING:
    from cloister.core.request import CompletionRequest
    from cloister.features.completion.telling import Told
    from cloister.settings.settings import Settings


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "context",
        help="show what the model is told at one place in a file",
        description=(
            "Show what the model is told at one place in a file, and why. Lines and columns count "
            "from 1, in characters; a snippet's last line is included. Run `cloister index` first, "
            "or have the workspace open in an editor."
        ),
    )
    parser.add_argument("place", metavar="PATH:LINE:COLUMN", help="where the cursor stands")
    parser.add_argument("--root", type=Path, metavar="DIR", help="the workspace folder")
    parser.add_argument("--model", metavar="NAME|PATH", help="a model's name or a .gguf file")
    parser.add_argument(
        "--budget-tokens",
        type=int,
        metavar="N",
        help="tokens for other files, at most half of what the model can read",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(func=run, require_isolation=False)


def run(options: argparse.Namespace) -> int:
    """Print what the model is told."""
    from cloister.cli.complete import chosen_root, chosen_settings, offset_at, parse_place
    from cloister.core.request import CompletionRequest, Trigger
    from cloister.features.completion.telling import as_json
    from cloister.syntax.languages import language_id_for_path
    from cloister.workspace.documents import read_document

    if options.budget_tokens is not None and options.budget_tokens < 0:
        raise SettingsError("--budget-tokens must be 0 or more.")
    path, line, column = parse_place(options.place)
    root = chosen_root(options.root)
    document = read_document(path.absolute(), language_id_for_path(path))
    offset = offset_at(document.text, line, column, path)
    request = CompletionRequest(document, offset, Trigger.INVOKED, root)
    told = asyncio.run(_tell(request, chosen_settings(options), options.budget_tokens))
    if options.json:
        print(json.dumps(as_json(told), indent=2))
    else:
        print_told(told)
    return 0


async def _tell(
    request: "CompletionRequest", settings: "Settings", budget_tokens: int | None
) -> "Told":
    from cloister.app import build_completion
    from cloister.engine.paths import engine_paths
    from cloister.engine.sandbox import lock_front_end

    completion, backend = build_completion(settings)
    lock_front_end(engine_paths().directory)
    try:
        return await completion.tell(request, budget_tokens)
    finally:
        await backend.close()


def print_told(told: "Told") -> None:
    """Print it for people: the snippets as a table, then the prompt."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from cloister.core.invisible import shown

    console = Console()
    table = Table(box=None, pad_edge=False)
    for title in ("lines", "source", "why"):
        table.add_column(title, overflow="fold")
    for title in ("score", "tokens"):
        table.add_column(title, justify="right")
    for snippet in told.context.snippets:
        lines = f"{snippet.path}:{snippet.first_line + 1}-{snippet.last_line + 1}"
        score, tokens = f"{snippet.score:.4f}", str(snippet.tokens)
        table.add_row(
            Text(shown(lines)), snippet.source, Text(shown(snippet.reason)), score, tokens
        )
    if told.context.snippets:
        console.print(table)
    else:
        console.print("No text of other files is shown here.")
    console.print(f"\nThe whole prompt, {told.tokens} tokens, found in {told.ms:.0f} ms:\n")
    console.print(Text(shown(told.prompt)), soft_wrap=True)
