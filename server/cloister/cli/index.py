"""`cloister index`: build the index of a workspace, keep it, and say what it holds."""

import argparse
import json
import os
import sys
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.core.errors import CloisterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cloister.workspace.index.messages import WorkerReport
    from cloister.workspace.index.records import IndexSummary
    from cloister.workspace.index.update import OnProgress

_MEGABYTE = 1_000_000


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `index` subcommand."""
    parser = subparsers.add_parser(
        "index",
        help="build the index of a workspace, or bring it up to date",
        description="Editors do this by themselves; here one sees how it goes.",
    )
    parser.add_argument("root", nargs="?", default=".", metavar="ROOT", help="default: here")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--watch", action="store_true", help="go on until interrupted")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.set_defaults(func=_index)


def _index(options: argparse.Namespace) -> int:
    from cloister.engine.sandbox import lock_indexer
    from cloister.engine.sandbox.limits import close_inherited_files
    from cloister.settings.user_folders import current_user_folders
    from cloister.workspace.index.location import index_database
    from cloister.workspace.index.priority import stand_in_line

    if options.serve:
        close_inherited_files()
    root = Path(options.root).absolute()
    if not root.is_dir() and not options.serve:
        raise CloisterError(f"{root} is not a folder: choose the root of a workspace.")
    database = index_database(root, current_user_folders())
    _make_folder(database.parent)
    stand_in_line()
    lock_indexer(database.parent)
    if options.serve or options.watch:
        return _serve(root, database, options)
    return _build(root, database, options)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CloisterError(
            f"The folder {folder} cannot be made ({error.strerror}); free space or set "
            "XDG_CACHE_HOME."
        ) from error


def _build(root: Path, database: Path, options: argparse.Namespace) -> int:
    import sqlite3

    from cloister.workspace.index.build import build, look_up
    from cloister.workspace.index.election import try_to_become_writer

    try:
        # The lock ends with this process.
        if try_to_become_writer(database.parent) is None:
            print("An editor keeps this index up to date; this is what it holds.", file=sys.stderr)
            summary = look_up(database)
        else:
            with _progress_bar(options.json) as on_progress:
                summary = build(root, database, on_progress)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise CloisterError(
            f"The index {database} cannot be written ({reason}); free space or remove it."
        ) from error
    if options.json:
        print(json.dumps({"root": str(root), "database": str(database), **asdict(summary)}))
    else:
        _print_summary(summary, database)
    return 0


def _serve(root: Path, database: Path, options: argparse.Namespace) -> int:
    from cloister.workspace.index.orders import Orders
    from cloister.workspace.index.worker import Job, serve

    # A person ends a watch with Ctrl-C, an editor by closing the pipe.
    descriptor = sys.stdin.fileno() if options.serve else os.pipe()[0]
    tell = _tell_line if options.serve or options.json else _tell_person
    serve(Job(root, database, Orders(descriptor), tell))
    return 0


def _tell_line(report: "WorkerReport") -> None:
    sys.stdout.write(report.line())
    sys.stdout.flush()


def _tell_person(report: "WorkerReport") -> None:
    counts = f" {report.done} of {report.total}" if report.total else ""
    files = f" {report.files} files" if report.files else ""
    print(f"{report.state}{counts}{files}", report.problem, flush=True)


@contextmanager
def _progress_bar(is_silent: bool) -> "Iterator[OnProgress]":  # noqa: FBT001  # a flag of the command
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn

    console = Console(stderr=True, quiet=is_silent)
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    # A bar that draws by itself does so in a thread, and workers are forked.
    bar = Progress("indexing", *columns, console=console, transient=True, auto_refresh=False)
    with bar:
        task = bar.add_task("", total=None)
        yield lambda now: bar.update(task, completed=now.done, total=now.total, refresh=True)


def _print_summary(summary: "IndexSummary", database: Path) -> None:
    speed = summary.indexed / summary.seconds if summary.seconds else 0.0
    print(f"{summary.files} files, {summary.symbols} symbols, {summary.chunks} chunks")
    print(
        f"{summary.indexed} read in {summary.seconds:.1f} s ({speed:.0f} files/s), "
        f"{summary.unchanged} unchanged, {summary.removed} gone"
    )
    print(f"{summary.resolved_imports} of {summary.imports} imports lead to files here")
    for reason, count in summary.skipped.items():
        print(f"{count} left out because {reason}")
    print(
        f"{summary.database_bytes / _MEGABYTE:.1f} MB at {database}, "
        f"{summary.peak_memory_bytes / _MEGABYTE:.0f} MB of memory at most"
    )
