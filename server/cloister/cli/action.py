"""`cloister action`: code actions from the terminal, through the same code as in an editor."""

import argparse
import asyncio
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.cli.complete import chosen_root, chosen_settings
from cloister.core.errors import CloisterError, SettingsError
from cloister.core.invisible import shown
from cloister.models.catalogue import expand_home

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cloister.core.document import DocumentSnapshot
    from cloister.core.text import Span, Text
    from cloister.features.editing.possibility import Possibility

_FIX, _FIX_ALL = "fix", "fix-all"
_COMMIT_MESSAGE = "commit-message"
_PLACE = re.compile(
    r"(?P<path>.+?)"
    r"(?::(?P<first>[1-9]\d{0,8})(?::(?P<column>[1-9]\d{0,8})|-(?P<last>[1-9]\d{0,8}))?)?"
)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "action",
        help="refactor, test or explain one place in a file",
        description="Do a code action at a place in a file, or list what can be done there. Lines "
        "and columns count from 1; a place is PATH:LINE, PATH:LINE:COLUMN or PATH:LINE-LINE.",
    )
    parser.add_argument("name", metavar="NAME", help="the action, or `list`")
    parser.add_argument(
        "place",
        nargs="?",
        metavar="PATH:RANGE",
        help="where; for `fix-all` a file, for `commit-message` a folder, the present one if "
        "none is given",
    )
    parser.add_argument(
        "--title", metavar="WORDS", help="which of several entries that `list` shows: a part of it"
    )
    parser.add_argument("--instruction", metavar="WORDS", help="what `edit` is to do")
    parser.add_argument("--root", type=Path, metavar="DIR", help="the workspace folder")
    parser.add_argument("--model", metavar="NAME|PATH", help="a model's name or a .gguf file")
    parser.add_argument(
        "--require-isolation",
        action="store_true",
        help="refuse where the kernel does not keep cloister off the network",
    )
    parser.add_argument(
        "--diagnostics",
        metavar="FILE",
        help="what other tools report, for `fix` and `fix-all`: JSON as language servers send it, "
        "or lines PATH:LINE: MESSAGE; `-` is standard input",
    )
    parser.add_argument("--with", dest="service", metavar="BACKEND", help="ask a service")
    parser.add_argument("--yes", action="store_true", help="agree to what would be asked first")
    parser.add_argument(
        "--dry-run", action="store_true", help="show exactly what would be sent, and send nothing"
    )
    output = parser.add_mutually_exclusive_group()
    output.add_argument("--diff", action="store_true", help="print a diff (the default)")
    output.add_argument("--apply", action="store_true", help="change or create the file")
    output.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Act and print; raises CloisterError in one sentence when it cannot be done."""
    if options.dry_run and (options.apply or not options.service):
        raise SettingsError("--dry-run shows what a service would be sent; give it with --with.")
    if options.name == _COMMIT_MESSAGE:
        return _write_message(options)
    if options.place is None:
        return _list_all(options)
    from cloister.syntax.languages import language_id_for_path
    from cloister.workspace.documents import read_document

    match = _PLACE.fullmatch(options.place)
    if match is None or (match["first"] is None and options.name != _FIX_ALL):
        raise SettingsError(
            f"{options.place!r} is not a place; write PATH:LINE, for example app.py:12."
        )
    path = expand_home(match["path"])
    document = read_document(path.absolute(), language_id_for_path(path))
    return asyncio.run(_act(options, document, _span(document.text, match, path)))


async def _act(options: argparse.Namespace, document: "DocumentSnapshot", span: "Span") -> int:
    from cloister.app import build_actions
    from cloister.cli.action_consent import ShownOnlyError, approver
    from cloister.cli.action_result import put_out
    from cloister.cli.diagnostics import read_problems
    from cloister.cli.egress import start_if_permitted
    from cloister.cli.watching import watching
    from cloister.core.cancel import CancelToken, StoppedError
    from cloister.engine.paths import engine_paths
    from cloister.engine.sandbox import lock_front_end, require_kernel
    from cloister.features.editing.act import DEADLINE_MS
    from cloister.features.editing.possibility import Selection, Wish

    problems = read_problems(options.diagnostics, document) if options.diagnostics else ()
    settings, root = chosen_settings(options), chosen_root(options.root)
    own = {it.name for it in settings.actions}
    if options.name in {_FIX, _FIX_ALL} - own and not problems:
        raise SettingsError("Say what to fix: --diagnostics FILE, for example what a linter says.")
    # Nothing can be started behind the lock.
    may_ask = options.service or settings.routing.service_for(options.name)
    egress = start_if_permitted() if may_ask or options.name == "list" else None
    feature, backends = build_actions(settings, egress, root)
    isolation = lock_front_end(engine_paths().directory)
    if settings.require_isolation:
        require_kernel(isolation.level, isolation.reason)
    selection = Selection(document, span, problems, root)
    try:
        if options.name == "list":
            return _list(await feature.possibilities(selection))
        wish = Wish(
            options.name, service=options.service or "", instruction=options.instruction or ""
        )
        if feature.asks(options.name) and not wish.instruction:
            raise SettingsError('Say what to do: --instruction "…".')
        if options.title:
            titles = [it.title for it in await feature.possibilities(selection) if wish.means(it)]
            wish = replace(wish, title=_title(options.title, titles))
        cancel = CancelToken.after_ms(DEADLINE_MS)
        with watching() as watch:
            result = await feature.result(selection, wish, approver(options), cancel, watch)
    except ShownOnlyError as shown_only:
        print(shown_only, file=sys.stderr)
        return 0
    except StoppedError as error:
        raise CloisterError("The model took too long; select less and try again.") from error
    finally:
        feature.close()
        for backend in {backends.completion, backends.action}:
            await backend.close()
        if egress is not None:
            egress.kill()
    put_out(options, document, result)
    return 0


def _title(words: str, titles: "Iterable[str]") -> str:
    """Return the first title that has these words; raises SettingsError when none has."""
    found = next((it for it in titles if words.casefold() in it.casefold()), None)
    if found is None:
        raise SettingsError(
            f"No entry has {words!r} in its title; look with `cloister action list`."
        )
    return found


def _write_message(options: argparse.Namespace) -> int:
    from cloister.core.text import Span
    from cloister.features.committing.document import next_message, repository_of

    if options.apply or options.diff:
        raise SettingsError(
            "A message is only printed; pass it on, for example to `git commit --edit -F -`."
        )
    folder = chosen_root(expand_home(options.place) if options.place else options.root)
    message = next_message(folder)
    options.root = repository_of(message).path
    return asyncio.run(_act(options, message, Span(0, 0)))


def _list_all(options: argparse.Namespace) -> int:
    if options.name != "list":
        raise SettingsError(f"Say where: cloister action {options.name} PATH:LINE.")
    from cloister.features.editing.configured import actions_with

    own = {it.name: it for it in chosen_settings(options).actions}
    for action in actions_with(own.values()):
        title = f"  {own[action.name].title} (yours)" if action.name in own else ""
        print(shown(f"{action.name:<15} {action.kind}{title}"))
    return 0


def _list(possibilities: "Iterable[Possibility]") -> int:
    for it in possibilities:
        reason = f"  ({it.disabled})" if it.disabled else ""
        print(shown(f"{it.action.name:<15} {it.title}{reason}"))
    return 0


def _span(text: "Text", match: re.Match[str], path: Path) -> "Span":
    """Return the selection: whole lines for two lines, a cursor for one place."""
    from cloister.cli.complete import offset_at
    from cloister.core.text import Span

    if match["first"] is None:
        return Span(0, len(text))
    first = int(match["first"])
    start = offset_at(text, first, int(match["column"] or 1), path)
    if match["last"] is None:
        line = text.line(first - 1)
        indentation = 0 if match["column"] else len(line) - len(line.lstrip())
        return Span(start + indentation, start + indentation)
    end = text.line_end(text.line_of(offset_at(text, int(match["last"]), 1, path)))
    return Span(min(start, end), max(start, end))
