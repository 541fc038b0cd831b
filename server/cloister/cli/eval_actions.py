"""`cloister eval actions`: how many of our cases the model at hand solves with code actions."""

import argparse
import asyncio
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.cli.complete import chosen_settings

if TYPE_CHECKING:
    from cloister.evaluation.actions.cases import ActionCase
    from cloister.evaluation.actions.session import Act, ActionResult
    from cloister.features.editing.act import ActionFeature
    from cloister.features.editing.possibility import Selection
    from cloister.features.escalation.approval import Approver
    from cloister.settings.settings import Settings

BUNDLED = "bundled"


def add_actions_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `actions` to the subcommand `eval`."""
    parser = actions.add_parser(
        "actions",
        help="how many small tasks the model solves with code actions",
        description=(
            "Has code actions done on Python cases that come with cloister, and runs what the "
            "model wrote against hidden tests: in a process that the kernel keeps from the "
            "network, from other programs and from your files' contents being changed."
        ),
    )
    parser.add_argument(
        "--model",
        metavar="NAME|PATH",
        help=f"for all actions; `{BUNDLED}` is the one that comes with cloister",
    )
    parser.add_argument("--with", dest="service", metavar="BACKEND", help="ask a service")
    parser.add_argument("--yes", action="store_true", help="agree to what would be asked first")
    parser.add_argument(
        "--n", type=count, metavar="N", help="cases at most, the easiest of each action first"
    )
    parser.add_argument(
        "--require-isolation",
        action="store_true",
        help="refuse where the kernel does not keep cloister off the network",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, every case included")
    parser.set_defaults(func=run, dry_run=False)


def count(word: str) -> int:
    """Return what was given as a number of things; raises ArgumentTypeError for other words."""
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError("a number from 1")
    return int(word)


def run(options: argparse.Namespace) -> int:
    """Evaluate and print; raises CloisterError where model-written code cannot be held."""
    from cloister.cli.eval_actions_view import print_actions
    from cloister.evaluation.actions.cases import all_cases, spread
    from cloister.evaluation.actions.report import as_json, report_on_actions

    cases = all_cases()
    chosen = spread(cases, options.n or len(cases))
    settings = _settings(options)
    results, model = asyncio.run(_evaluate(options, settings, chosen))
    report = report_on_actions(results)
    if options.json:
        print(json.dumps(as_json(report, results, model), indent=2))
    else:
        print_actions(report, model)
    return 0


def _settings(options: argparse.Namespace) -> "Settings":
    """Return the user's settings; a model that is named does everything."""
    name, options.model = options.model, None if options.model == BUNDLED else options.model
    settings = chosen_settings(options)
    if name is None:
        return settings
    return replace(settings, model=settings.model if options.model else None, action_model=None)


def actor(feature: "ActionFeature", service: str, approver: "Approver", folder: Path) -> "Act":
    """Return who does a case's action: as in an editor, in a workspace that has one file."""
    from cloister.core.cancel import CancelToken
    from cloister.core.edit import edited
    from cloister.features.editing.act import DEADLINE_MS
    from cloister.features.editing.possibility import Wish

    async def act(case: "ActionCase") -> str:
        selection = _selection(case, folder / case.action / case.name)
        wish = Wish(case.action, service=service)
        cancel = CancelToken.after_ms(DEADLINE_MS)
        edits = await feature.edits(selection, wish, approver, cancel)
        return edited(case.source, edits)

    return act


def _selection(case: "ActionCase", root: Path) -> "Selection":
    from cloister.core.text import Span
    from cloister.features.editing.place import Problem
    from cloister.features.editing.possibility import Selection
    from cloister.workspace.documents import read_document

    root.mkdir(parents=True)
    path = root / f"{case.name}.py"
    path.write_text(case.source, encoding="utf-8")
    problems = (Problem(case.span, case.problem),) if case.problem else ()
    cursor = Span(case.span.start, case.span.start)
    return Selection(read_document(path, "python"), cursor, problems, root)


async def _evaluate(
    options: argparse.Namespace, settings: "Settings", cases: "list[ActionCase]"
) -> "tuple[list[ActionResult], str]":
    from cloister.app import build_actions
    from cloister.cli.action_consent import approver
    from cloister.cli.egress import start_if_permitted
    from cloister.cli.eval_view import counting
    from cloister.engine.paths import engine_paths
    from cloister.engine.sandbox import lock_front_end, require_kernel
    from cloister.evaluation.actions.confined import require_confinement
    from cloister.evaluation.actions.session import evaluate_actions

    egress = start_if_permitted() if options.service else None
    with tempfile.TemporaryDirectory(prefix="cloister-") as name:
        root = Path(name)
        feature, backends = build_actions(settings, egress, root)
        isolation = lock_front_end(engine_paths().directory)
        if settings.require_isolation:
            require_kernel(isolation.level, isolation.reason)
        require_confinement()
        act = actor(feature, options.service or "", approver(options), root)
        try:
            with counting("cases") as on_case:
                results = await evaluate_actions(cases, act, on_case)
            return results, options.service or (await backends.action.identify()).name
        finally:
            feature.close()
            for backend in {backends.completion, backends.action}:
                await backend.close()
            if egress is not None:
                egress.kill()
