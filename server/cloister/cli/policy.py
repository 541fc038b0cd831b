"""`cloister policy`: what may leave the machine and why, and how to restrict it."""

import argparse
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.core.errors import CloisterError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloister.core.privacy import EndpointClass, Layer, Verdict


_NEW_FILE = """\
# What cloister may do with the files below this folder. This file can only restrict: it names no
# service, and what others permit it cannot widen. It holds in every clone in which it is committed.
version = 1

# No text of these files leaves the machine, whatever a user's own settings say.
local-only = true

# Files that enter no prompt at all, not even that of the model on this machine, in the language of
# .gitignore but without `!`. Names of secrets, as `.env` and `*.pem`, need not be listed.
deny = [
    # "customers/",
    # "*.sql",
]
"""


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `policy` subcommand with `check`, `init`, `verify`, `leave` and `withdraw`."""
    parser = subparsers.add_parser("policy", help="show or restrict what may leave the machine")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="say how far a file's text may go, and by which rule")
    check.add_argument("path", metavar="PATH", nargs="?", default=".", help="default: here")
    check.add_argument("--json", action="store_true", help="print JSON")
    check.set_defaults(func=_check)
    init = actions.add_parser("init", help="write a .cloister.toml that keeps everything here")
    init.add_argument("folder", metavar="FOLDER", nargs="?", default=".", help="default: here")
    init.set_defaults(func=_init)
    verify = actions.add_parser("verify", help="fail unless a repository is protected as committed")
    verify.add_argument("root", metavar="ROOT", nargs="?", default=".", help="default: here")
    verify.set_defaults(func=_verify)
    leave = actions.add_parser("leave", help="strike a folder out of the record of local-only ones")
    leave.add_argument("folder", metavar="PATH", help="the folder, as `policy check` names it")
    leave.set_defaults(func=_leave)
    withdraw = actions.add_parser("withdraw", help="take back everything that was agreed to send")
    withdraw.set_defaults(func=_withdraw)


@dataclass(frozen=True, slots=True)
class _Checked:
    """What holds for a path; `backends` are the user's that may be asked, with their origins."""

    path: Path
    verdict: "Verdict"
    possible: "Sequence[EndpointClass]"
    backends: dict[str, str]


def _check(options: argparse.Namespace) -> int:
    from cloister.policy.decide import current_policy, user_privacy
    from cloister.policy.privacy import endpoints
    from cloister.settings.user_file import user_file_path
    from cloister.settings.user_folders import current_user_folders

    path, user_file = Path(options.path).absolute(), user_file_path(current_user_folders())
    privacy = user_privacy(user_file)
    verdict = current_policy(lambda: privacy, _print_problems).for_file(path)
    possible = endpoints(verdict, privacy)
    checked = _Checked(path, verdict, possible, _reachable(user_file, possible))
    if options.json:
        print(json.dumps(_as_json(checked), indent=2))
    else:
        _print_checked(checked)
    return 0


def _reachable(user_file: Path, possible: "Sequence[EndpointClass]") -> dict[str, str]:
    """Return the user's backends that may be asked, and where each of them is."""
    from cloister.cli.egress_gate import named_backends
    from cloister.egress.addresses import permitted_classes
    from cloister.egress.providers import endpoint_of

    found = {}
    for name, backend in named_backends(user_file).items():
        with suppress(SettingsError):
            origin = endpoint_of(backend).origin
            if permitted_classes(origin, plain_http=backend.plain_http) & set(possible):
                found[name] = str(origin)
    return found


def _init(options: argparse.Namespace) -> int:
    from cloister.settings.repository_file import REPOSITORY_FILE_NAME

    path = Path(options.folder).absolute() / REPOSITORY_FILE_NAME
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_NEW_FILE)
    except FileExistsError as error:
        raise CloisterError(f"{path} exists already; edit it, or remove it first.") from error
    except OSError as error:
        raise CloisterError(
            f"{path} cannot be written ({error.strerror}); check the folder and its permissions."
        ) from error
    print(f"{_shown(path)} is written. Commit it, so that it holds in every clone.")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from cloister.workspace.protection.verify import weaknesses

    root = Path(options.root).absolute()
    if not root.is_dir():
        raise CloisterError(f"{root} is not a folder: choose the root of a repository.")
    # Git names another index to a hook while it commits some files only.
    index = os.environ.get("GIT_INDEX_FILE")
    found = weaknesses(root, Path(index).absolute() if index else None)
    for weakness in found:
        print(f"{_shown(root)}: {_shown(weakness)}", file=sys.stderr)
    if not found:
        print(f"{_shown(root)} is protected: no text of it leaves the machine.")
    return 1 if found else 0


def _leave(options: argparse.Namespace) -> int:
    from cloister.egress.audit.files import audit_folder
    from cloister.egress.audit.log import AuditLog
    from cloister.egress.audit.records import Event
    from cloister.settings.user_folders import current_user_folders
    from cloister.workspace.protection.leaving import leave
    from cloister.workspace.protection.protection import usual_places

    folders = current_user_folders()
    log = AuditLog(audit_folder(folders))

    def audit(folder: Path) -> None:
        log.append(Event.POLICY, {"action": "leave local-only", "folder": str(folder)})

    left = leave(Path(options.folder).absolute(), usual_places(folders).record, audit)
    print(f"{_shown(left)} is no longer on record as local-only. Restart your editors.")
    return 0


def _withdraw(_options: argparse.Namespace) -> int:
    from cloister.egress.audit.files import audit_folder
    from cloister.egress.audit.log import AuditLog
    from cloister.egress.audit.records import Event
    from cloister.settings.user_folders import current_user_folders
    from cloister.workspace.protection.consent import ConsentStore

    folders = current_user_folders()
    try:
        count = ConsentStore(folders.state / "cloister" / "consent").withdraw_all()
        AuditLog(audit_folder(folders)).append(Event.CONSENT, {"action": "withdraw all"})
    except OSError as error:
        raise CloisterError(
            f"Not everything could be taken back ({error.strerror}); check the folder "
            f"{folders.state / 'cloister'} and try again."
        ) from error
    print(f"Taken back: {count}. You are asked again before anything is sent.")
    return 0


def _print_problems(problems: "Sequence[str]") -> None:
    for problem in problems:
        print(f"cloister: {_shown(problem)}", file=sys.stderr)


def _as_json(checked: _Checked) -> dict[str, object]:
    from cloister.policy.privacy import layer_facts

    verdict = checked.verdict
    return {
        "path": str(checked.path),
        "real_path": os.path.realpath(checked.path),
        "level": verdict.level.label,
        "denied": verdict.denial is not None,
        "decided_by": layer_facts(verdict.decided_by),
        "layers": [layer_facts(layer) for layer in verdict.layers],
        "endpoints": list(checked.possible),
        "backends": checked.backends,
    }


def _print_checked(checked: _Checked) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console, verdict = Console(soft_wrap=True), checked.verdict
    console.print(Text(f"{_shown(checked.path)}: {verdict.level.label}"))
    console.print(Text(f"because {_because(verdict.decided_by)}"))
    places = ", ".join(checked.possible) or "nowhere, not even on this machine"
    console.print(Text(f"may be read by: {places}"))
    for name, origin in checked.backends.items():
        console.print(Text(_shown(f"  {name} at {origin}")))
    console.print()
    table = Table(box=None, pad_edge=False)
    for title in ("who", "permits", "rule", "where"):
        table.add_column(title, overflow="fold")
    for layer in verdict.layers:
        where = "" if layer.path is None else _shown(layer.path)
        table.add_row(layer.kind, layer.level.label, Text(_shown(layer.rule)), Text(where))
    Console().print(table)


def _because(layer: "Layer") -> str:
    where = "" if layer.path is None else f" ({_shown(layer.path)})"
    return f"{_shown(layer.rule)}{where}"


def _shown(text: str | Path) -> str:
    from cloister.core.invisible import shown

    return shown(str(text))
