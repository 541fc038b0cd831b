"""`cloister audit`: what left this machine, what was refused, and whether the record is whole."""

import argparse
import json
import sys
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.core.errors import CloisterError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from cloister.egress.audit.records import Record

    Command = Callable[[argparse.Namespace], int]

_USUAL_RECORDS = 20


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `audit` subcommand with `show`, `verify`, `export` and `why`."""
    parser = subparsers.add_parser("audit", help="show what left this machine, and prove it")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    show = actions.add_parser("show", help="show the latest records")
    show.add_argument(
        "-n", type=int, default=_USUAL_RECORDS, metavar="N", help="how many (default: %(default)s)"
    )
    show.set_defaults(func=_readable(_show))
    verify = actions.add_parser("verify", help="fail unless every record is as it was written")
    verify.set_defaults(func=_readable(_verify))
    why = actions.add_parser("why", help="show what was sent or refused of a file, and the rule")
    why.add_argument("path", metavar="PATH", help="a file, or a folder for all files in it")
    why.set_defaults(func=_readable(_why))
    export = actions.add_parser("export", help="print every record as it was written")
    export.set_defaults(func=_readable(_export))
    for action in (show, verify, why):
        action.add_argument("--json", action="store_true", help="print JSON")


def _readable(command: "Command") -> "Command":
    """Return the command with a sentence for a log that cannot be read."""

    def run(options: argparse.Namespace) -> int:
        try:
            return command(options)
        except OSError as error:
            raise CloisterError(
                f"The audit log in {_folder()} cannot be read ({error.strerror or error}); "
                "look at what lies there."
            ) from error

    return run


def _show(options: argparse.Namespace) -> int:
    from cloister.egress.audit.verify import read_records

    _print(deque(read_records(_folder()), maxlen=max(1, options.n)), as_json=options.json)
    return 0


def _verify(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from cloister.cli.audit_view import print_verification
    from cloister.egress.audit.verify import verify

    found = verify(_folder())
    if options.json:
        print(json.dumps({"whole": not found.problems, **asdict(found)}))
    else:
        print_verification(found)
    return 1 if found.problems else 0


def _why(options: argparse.Namespace) -> int:
    from cloister.egress.audit.verify import read_records

    named = Path(options.path).absolute()
    wanted = {named, named.resolve()}
    _print(
        [record for record in read_records(_folder()) if _is_about(record, wanted)],
        as_json=options.json,
    )
    return 0


def _export(_options: argparse.Namespace) -> int:
    from cloister.egress.audit.verify import read_lines

    for line in read_lines(_folder()):
        sys.stdout.buffer.write(line + b"\n")
    return 0


def _folder() -> Path:
    from cloister.egress.audit.files import audit_folder
    from cloister.settings.user_folders import current_user_folders

    return audit_folder(current_user_folders())


def _print(records: "Collection[Record]", *, as_json: bool) -> None:
    from cloister.cli.audit_view import print_records, record_facts

    if as_json:
        print(json.dumps([record_facts(record) for record in records]))
    else:
        print_records(records)


def _is_about(record: "Record", wanted: set[Path]) -> bool:
    files = record.details.get("files")
    return any(_is_named(file, wanted) for file in (files if isinstance(files, list) else ()))


def _is_named(file: object, wanted: set[Path]) -> bool:
    match file:
        case {"path": str(path), "real_path": str(real_path)}:
            names = (Path(path), Path(real_path))
            return any(wanted & {name, *name.parents} for name in names)
    return False
