"""`cloister eval`: how well cloister does on the user's own repository and machine, offline."""

import argparse
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from cloister.cli.eval_actions import BUNDLED, add_actions_parser, count
from cloister.core.errors import SettingsError
from cloister.models.catalogue import absolute_model, expand_home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloister.evaluation.report import Report
    from cloister.evaluation.results import CaseResult
    from cloister.evaluation.session import Plan

_MEASURES = ("recall", "definitions", "score")
_BUDGETS = ("512", "1024", "2048")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `eval` subcommand with `context` and `actions`."""
    parser = subparsers.add_parser("eval", help="measure cloister on your own machine")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add_actions_parser(actions)
    context = actions.add_parser(
        "context",
        help="what the context holds of the names that the next line needs",
        description=(
            "Replays lines that commits of the repository added, with nothing but what was there "
            "before, and tells how many of the names that only other files have are in the "
            "context. No model is needed; tokens are a quarter of the bytes then."
        ),
    )
    context.add_argument("root", nargs="?", metavar="ROOT", help="default: the current folder")
    context.add_argument(
        "--since",
        default="6m",
        metavar="TIME",
        help="a date, or 90d, 12w, 6m, 2y before the newest commit (default: %(default)s)",
    )
    context.add_argument(
        "--n", type=count, default=300, metavar="N", help="cases at most (default: %(default)s)"
    )
    context.add_argument("--seed", type=int, default=0, metavar="N", help="of everything random")
    context.add_argument(
        "--quick", action="store_true", help="do not switch each source off in turn"
    )
    context.add_argument(
        "--compare",
        nargs=2,
        metavar=("A", "B"),
        help="compare two configurations case by case: `default`, `without:SOURCE,SOURCE`, "
        "`only:SOURCE,SOURCE`, a baseline's name, or a .toml file with `disabled = [...]`",
    )
    context.add_argument("--explain", metavar="CASE", help="show what one case needs and gets")
    context.add_argument(
        "--cases", type=Path, metavar="FILE", help="write one JSON line for each case"
    )
    context.add_argument(
        "--fail-under",
        action="append",
        default=[],
        type=_least,
        metavar="MEASURE=VALUE",
        help="exit with 1 when cloister has less: recall=0.5, recall@512=0.4, definitions=0.5, "
        "score=1.1; repeatable",
    )
    context.add_argument(
        "--model",
        metavar="NAME|PATH",
        help=f"also ask this model; `{BUNDLED}` is the one that comes with cloister",
    )
    context.add_argument(
        "--holes",
        action="store_true",
        help="only cases that need a name, with the cursor right before it",
    )
    context.add_argument("-j", dest="jobs", type=count, default=1, metavar="N", help="processes")
    context.add_argument("--json", action="store_true", help="print JSON")
    context.set_defaults(func=run)


def run(options: argparse.Namespace) -> int:
    """Evaluate and print; returns 1 when a measure is below what was asked for."""
    from cloister.cli.eval_view import counting, print_report
    from cloister.engine.paths import engine_paths
    from cloister.engine.sandbox import lock_front_end
    from cloister.evaluation.report import as_json, report_on
    from cloister.evaluation.session import evaluate

    plan = _plan(options)
    lock_front_end(engine_paths().directory)
    if options.explain:
        return _explain(plan, options)
    with counting("cases") as on_case:
        results = evaluate(plan, options.jobs, on_case)
    report = report_on(results, options.seed, tuple(options.compare) if options.compare else None)
    if options.cases:
        _write_cases(results, options.cases)
    if options.json:
        facts = {"since": options.since, "seed": options.seed, "tokens": _tokens(plan)}
        print(json.dumps(as_json(report, facts), indent=2))
    else:
        print_report(report, _tokens(plan))
    return _judge(report, options.fail_under)


def _plan(options: argparse.Namespace) -> "Plan":
    from cloister.evaluation.configuration import parse_configuration, standard_configurations
    from cloister.evaluation.session import Plan

    root = (expand_home(options.root) if options.root else Path.cwd()).absolute()
    if not root.is_dir():
        raise SettingsError(f"The folder {root} does not exist; name an existing one.")
    configurations = standard_configurations()
    if options.compare:
        named = [parse_configuration(word) for word in options.compare]
        configurations = list(dict.fromkeys([*configurations[:-1], *named]))
    elif not options.quick:
        configurations[-1] = replace(configurations[-1], with_ablations=True)
    model = _model(options.model) if options.model else None
    rest = (tuple(configurations), model, options.holes)
    return Plan(root, options.since, options.n, options.seed, *rest)


def _model(name: str) -> Path:
    from cloister.models.catalogue import resolve_model
    from cloister.settings.user_folders import current_user_folders

    known = None if name == BUNDLED else absolute_model(name)
    return resolve_model(known, current_user_folders()).path


def _tokens(plan: "Plan") -> str:
    return f"those of {plan.model.name}" if plan.model else "a quarter of the bytes"


def _explain(plan: "Plan", options: argparse.Namespace) -> int:
    from cloister.cli.eval_view import print_explanation
    from cloister.evaluation.explain import explain

    explanation = explain(plan, options.explain)
    if options.json:
        print(json.dumps(asdict(explanation), indent=2))
    else:
        print_explanation(explanation)
    return 0


def _judge(report: "Report", wanted: "Sequence[tuple[str, float]]") -> int:
    """Say what is below what was asked for; returns the exit code."""
    from cloister.evaluation.report import measured

    code = 0
    for measure, least in wanted:
        value = measured(report, measure)
        if value is None or value < least:
            shown = "unknown" if value is None else f"{value:.3f}"
            print(f"cloister: {measure} is {shown}, below {least:g}.", file=sys.stderr)
            code = 1
    return code


def _write_cases(results: "Sequence[CaseResult]", path: Path) -> None:
    from cloister.evaluation.report import case_as_json

    lines = (json.dumps(case_as_json(result)) + "\n" for result in results)
    path.write_text("".join(lines), encoding="utf-8")


def _least(word: str) -> tuple[str, float]:
    measure, _, value = word.partition("=")
    name, at, budget = measure.partition("@")
    if name not in _MEASURES or (at and budget not in _BUDGETS):
        raise argparse.ArgumentTypeError(
            f"a measure is one of {', '.join(_MEASURES)}, at {', '.join(_BUDGETS)} tokens"
        )
    return measure, float(value)
