"""`cloister eval actions`: how many of our cases the model at hand solves with code actions."""

import argparse
import asyncio
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.cli.complete import chosen_settings
from cloister.core.errors import CloisterError

if TYPE_CHECKING:
    from cloister.evaluation.actions.cases import ActionCase
    from cloister.evaluation.actions.session import Act, ActionResult
    from cloister.features.editing.act import ActionFeature
    from cloister.features.editing.possibility import Selection, Wish
    from cloister.features.escalation.approval import Approver
    from cloister.settings.settings import Settings

BUNDLED = "bundled"
LANGUAGES = ("c", "java", "javascript", "python")


def add_actions_parser(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `actions` to the subcommand `eval`."""
    parser = actions.add_parser(
        "actions",
        help="how many small tasks the model solves with code actions",
        description=(
            "Has code actions done on cases that come with cloister, in Python and in the "
            "languages whose compilers are installed, and runs what the model wrote against "
            "hidden tests: in a process that the kernel keeps from the network, from starting "
            "others and from changing your files."
        ),
    )
    parser.add_argument(
        "--model",
        metavar="NAME|PATH",
        help=f"for all actions; `{BUNDLED}` is the one that comes with cloister",
    )
    parser.add_argument(
        "--format",
        choices=("whole", "blocks"),
        metavar="FORMAT",
        help="have models answer in `whole` or `blocks`; default: what suits the place",
    )
    parser.add_argument("--with", dest="service", metavar="BACKEND", help="ask a service")
    parser.add_argument("--yes", action="store_true", help="agree to what would be asked first")
    parser.add_argument(
        "--language",
        action="append",
        choices=LANGUAGES,
        help="only cases in this one; repeatable",
    )
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
    """Evaluate and print; raises CloisterError where nothing can be tried."""
    from cloister.cli.eval_actions_view import print_actions
    from cloister.evaluation.actions.cases import all_cases, spread
    from cloister.evaluation.actions.confined import unusable_languages
    from cloister.evaluation.actions.report import as_json, report_on_actions

    cases = [it for it in all_cases() if it.language in (options.language or LANGUAGES)]
    skipped = unusable_languages(cases)
    usable = [it for it in cases if it.language not in skipped]
    if not usable:
        raise CloisterError(f"Nothing can be tried here: {next(iter(skipped.values()))}")
    chosen = spread(usable, options.n or len(usable))
    results, model = asyncio.run(_evaluate(options, _settings(options), chosen))
    report = report_on_actions(results, skipped)
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


def actor(feature: "ActionFeature", manner: "Wish", approver: "Approver", folder: Path) -> "Act":
    """Return who does a case's action: as in an editor, in a workspace that has one file.

    `manner` is the wish but for its action: by whom, and in which form.
    """
    from cloister.core.cancel import CancelToken
    from cloister.core.edit import edited
    from cloister.features.editing.act import DEADLINE_MS

    async def act(case: "ActionCase") -> str:
        selection = _selection(case, folder / case.language / case.action / case.name)
        wish = replace(manner, action=case.action)
        cancel = CancelToken.after_ms(DEADLINE_MS)
        edits = await feature.edits(selection, wish, approver, cancel)
        return edited(case.source, edits)

    return act


def _selection(case: "ActionCase", root: Path) -> "Selection":
    from cloister.core.text import Span
    from cloister.evaluation.actions.toolchains import extension_of
    from cloister.features.editing.place import Problem
    from cloister.features.editing.possibility import Selection
    from cloister.syntax.languages import language_id_for_path
    from cloister.workspace.documents import read_document

    root.mkdir(parents=True)
    path = root / f"{case.name}{extension_of(case.language)}"
    path.write_text(case.source, encoding="utf-8")
    problems = (Problem(case.span, case.problem),) if case.problem else ()
    cursor = Span(case.span.start, case.span.start)
    document = read_document(path, language_id_for_path(path))
    return Selection(document, cursor, problems, root)


async def _evaluate(
    options: argparse.Namespace, settings: "Settings", cases: "list[ActionCase]"
) -> "tuple[list[ActionResult], str]":
    from cloister.app import build_actions
    from cloister.cli.action_consent import approver
    from cloister.cli.egress import start_if_permitted
    from cloister.cli.eval_view import counting
    from cloister.engine.paths import engine_paths
    from cloister.engine.sandbox import lock_front_end, require_kernel
    from cloister.evaluation.actions.session import evaluate_actions
    from cloister.features.editing.answer import AnswerFormat
    from cloister.features.editing.possibility import Wish

    egress = start_if_permitted() if options.service else None
    with tempfile.TemporaryDirectory(prefix="cloister-") as name:
        root = Path(name)
        feature, backends = build_actions(settings, egress, root)
        isolation = lock_front_end(engine_paths().directory)
        if settings.require_isolation:
            require_kernel(isolation.level, isolation.reason)
        form = AnswerFormat(options.format) if options.format else None
        manner = Wish("", service=options.service or "", form=form)
        act = actor(feature, manner, approver(options), root)
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
