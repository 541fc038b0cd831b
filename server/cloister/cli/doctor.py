"""`cloister doctor`: what works, what does not, and a proof that nothing leaves the machine."""

import argparse
import asyncio
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cloister.core.document import DocumentSnapshot
    from cloister.engine.status import EngineStatus
    from cloister.features.doctor import Check
    from cloister.settings.settings import Settings

_SOURCE = """class Config:
    def __init__(self, name, path):
        self.name = name
        self."""
_PATIENCE_SECONDS = 5.0


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser(
        "doctor",
        help="say what works, and prove that nothing leaves this machine",
        description=(
            "Look at every part, make one completion, and say what is wrong. With --prove-offline: "
            "run a whole session where every way out leads to a witness, and show the evidence."
        ),
    )
    parser.add_argument("--prove-offline", action="store_true", help="prove it, in a minute")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--stage", type=Path, help=argparse.SUPPRESS)
    parser.set_defaults(func=_run)


def _run(options: argparse.Namespace) -> int:
    if options.stage is not None:
        return _give_evidence(options.stage)
    if options.prove_offline:
        return _prove(options)
    from cloister.cli.doctor_view import print_checks
    from cloister.features.doctor import State

    checks = _examine(Path.cwd())
    if options.json:
        print(json.dumps([asdict(check) for check in checks], indent=2))
    else:
        print_checks(checks)
    return 1 if any(check.state is State.PROBLEM for check in checks) else 0


def _give_evidence(folder: Path) -> int:
    from cloister.features.proof.stage import give_evidence

    print(json.dumps(asdict(give_evidence(folder))))
    return 0


def _prove(options: argparse.Namespace) -> int:
    from cloister.cli.doctor_view import print_evidence
    from cloister.features.proof.prove import prove_offline

    evidence = prove_offline()
    if options.json:
        told = asdict(evidence) | {"proven": evidence.is_proven, "why_not": evidence.objections()}
        print(json.dumps(told, indent=2))
    else:
        print_evidence(evidence)
    return 0 if evidence.is_proven else 1


def _examine(folder: Path) -> "list[Check]":
    from cloister.engine.paths import engine_paths
    from cloister.engine.sandbox import lock_front_end
    from cloister.features import doctor
    from cloister.policy.decide import current_policy
    from cloister.settings.user_folders import current_user_folders

    folders, paths = current_user_folders(), engine_paths()
    settings, settings_check = doctor.check_settings(folders)
    verdict = current_policy(lambda: settings.privacy).for_file(folder)
    return [
        doctor.check_program(),
        settings_check,
        doctor.check_model(settings),
        doctor.check_policy(folder, verdict),
        doctor.check_index(folder, folders),
        doctor.check_editors(),
        # From here on this process is held as an editor's is.
        doctor.check_isolation(lock_front_end(paths.directory)),
        *asyncio.run(_try_completion(settings)),
        doctor.check_logs(paths.log, folders),
        doctor.check_problems(paths.log),
    ]


async def _try_completion(settings: "Settings") -> "list[Check]":
    from cloister.app import build_completion
    from cloister.core.errors import CloisterError
    from cloister.core.outcome import Outcome, OutcomeKind
    from cloister.core.request import CompletionRequest, Trigger
    from cloister.features.doctor import check_completion, check_engine

    try:
        completion, backend = build_completion(settings)
    except CloisterError as error:
        return [check_completion(Outcome(OutcomeKind.FAILED, str(error)), 0.0)]
    try:
        request = CompletionRequest(_document(), len(_SOURCE), Trigger.INVOKED, None)
        result = await completion.complete(request, completion.supersede(request.document.uri))
        ended = check_completion(result.outcome, result.timings.total_ms)
        return [ended, check_engine(await _engine_status())]
    finally:
        await backend.close()


def _document() -> "DocumentSnapshot":
    from cloister.core.document import DocumentSnapshot
    from cloister.core.text import Text

    return DocumentSnapshot("untitled:doctor.py", None, "python", 1, Text(_SOURCE))


async def _engine_status() -> "EngineStatus | None":
    from cloister.engine.client import EngineClient
    from cloister.engine.exchange import EngineGoneError
    from cloister.engine.paths import engine_paths

    try:
        client = await EngineClient.connect(engine_paths().socket, _PATIENCE_SECONDS)
    except OSError:
        return None
    try:
        return await client.status()
    except EngineGoneError:
        return None
    finally:
        await client.close()
