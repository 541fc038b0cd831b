"""`dev.py bench context`: what contexts hold of the names that are needed, beside BM25.

Replays commits of repositories that nobody here wrote, as `cloister eval context` does.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bench.context.building import measure_building
from bench.context.figures import Typing, building_rows, model_rows, recall_rows, typing_rows
from bench.context.observing import fit_cases, fitted_rows
from bench.context.repositories import PARTS, KnownRepository, folder_of, read_list
from bench.context.typing import measure_typing
from bench.report import as_json
from bench.rows import Row
from bench.table import print_table
from cloister.core.errors import CloisterError
from cloister.evaluation.configuration import Configuration, standard_configurations
from cloister.evaluation.ours import NAME
from cloister.evaluation.results import CaseResult
from cloister.evaluation.session import Plan, evaluate
from cloister.evaluation.summary import NOTHING
from cloister.models.catalogue import BUNDLED
from development.terminal import SetupError

_ROOT = Path(__file__).resolve().parents[3]
_LIST = Path(__file__).with_name("repositories.toml")
_TYPED_PLACES = 10

Results = Mapping[KnownRepository, Sequence[CaseResult]]


def main() -> int:
    """Measure and print; returns 1 when something cannot run."""
    options = _parser().parse_args()
    try:
        found = _found(options)
        if options.fit:
            _print_fitted(found, options)
            return 0
        with Progress(console=Console(stderr=True)) as progress:
            results = {it: _replayed(it, found[it], options, progress) for it in found}
            holes = [hole for it in found for hole in _holes(it, found[it], options, progress)]
        typing = None if options.no_typing else _typed(found, options)
        building = None if options.no_building else measure_building(options.built)
    except (CloisterError, SetupError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    others = [*model_rows(holes)] if holes else []
    others += typing_rows(typing) if typing else ()
    others += building_rows(building) if building else ()
    _print(results, others, options)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/dev.py bench context", description=__doc__)
    parser.add_argument("--repositories", type=Path, default=_LIST, metavar="FILE")
    parser.add_argument(
        "--folder",
        type=Path,
        default=_ROOT / ".dev/repositories",
        metavar="DIR",
        help="where they lie, each as OWNER+NAME (default: %(default)s)",
    )
    parser.add_argument("--part", choices=PARTS, default="reporting")
    parser.add_argument("--language", metavar="NAME", help="only those of one language")
    parser.add_argument("--cases", type=int, default=200, metavar="N", help="of each repository")
    parser.add_argument("--since", default="8y", metavar="TIME")
    parser.add_argument("-j", dest="jobs", type=int, default=1, metavar="N", help="processes")
    parser.add_argument(
        "--model", action="store_true", help="also ask the bundled model at holes in Python"
    )
    parser.add_argument(
        "--fit", action="store_true", help="only fit weights; wants `--part tuning`"
    )
    parser.add_argument("--no-typing", action="store_true", help="do not type")
    parser.add_argument(
        "--built",
        type=Path,
        metavar="FOLDER",
        help="where contexts are built for their time (default: 2,000 files written by us)",
    )
    parser.add_argument("--no-building", action="store_true", help="do not measure that time")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _found(options: argparse.Namespace) -> dict[KnownRepository, Path]:
    """Return the repositories that are there, and name those that are not."""
    wanted = [
        it
        for it in read_list(options.repositories)
        if it.part == options.part and options.language in (None, it.language)
    ]
    folders = {it: folder_of(it, options.folder) for it in wanted}
    for it in (it for it, folder in folders.items() if folder is None):
        print(f"bench: {it.name} is not in {options.folder}; clone it there.", file=sys.stderr)
    found = {it: folder for it, folder in folders.items() if folder is not None}
    if not found:
        raise SetupError(f"None of the repositories is in {options.folder}; name its --folder.")
    return found


def _replayed(
    it: KnownRepository, folder: Path, options: argparse.Namespace, progress: Progress
) -> list[CaseResult]:
    return _evaluated(_plan(folder, options), it.name, options.jobs, progress)


def _holes(
    it: KnownRepository, folder: Path, options: argparse.Namespace, progress: Progress
) -> list[CaseResult]:
    if not options.model or it.language != "python":
        return []
    builders = (Configuration(NOTHING, is_baseline=True), Configuration(NAME))
    plan = replace(
        _plan(folder, options), configurations=builders, model=BUNDLED.path, holes_only=True
    )
    return _evaluated(plan, f"{it.name}, holes", 1, progress)


def _evaluated(plan: Plan, name: str, jobs: int, progress: Progress) -> list[CaseResult]:
    task = progress.add_task(name, total=None)
    return evaluate(
        plan, jobs, lambda done, total: progress.update(task, completed=done, total=total)
    )


def _plan(folder: Path, options: argparse.Namespace) -> Plan:
    return Plan(folder, options.since, options.cases, 0, tuple(standard_configurations()))


def _typed(found: Mapping[KnownRepository, Path], options: argparse.Namespace) -> Typing:
    parts = [measure_typing(folder, options.since, _TYPED_PLACES) for folder in found.values()]
    return Typing(
        prompt_tokens=sum(part.prompt_tokens for part in parts),
        read_again_tokens=sum(part.read_again_tokens for part in parts),
    )


def _print_fitted(found: Mapping[KnownRepository, Path], options: argparse.Namespace) -> None:
    cases = [
        case
        for folder in found.values()
        for case in fit_cases(folder, options.since, options.cases)
    ]
    rows = list(fitted_rows(cases))
    facts = {"part": options.part, "cases that need names": len(cases), "floor": "as it is now"}
    if options.json:
        print(as_json(facts, {}, rows))
    else:
        print_table(facts, rows)


def _print(results: Results, others: Sequence[Row], options: argparse.Namespace) -> None:
    by_language: dict[str, list[CaseResult]] = {}
    for it, found in results.items():
        by_language.setdefault(it.language, []).extend(
            result for result in found if result.language in (it.language, "tsx")
        )
    rows = [*recall_rows(by_language), *others]
    # Targets are those of languages; a repository alone has too few cases.
    by_repository = [
        replace(row, at_least=None)
        for row in recall_rows({it.name: found for it, found in results.items()})
    ]
    facts = {"part": options.part, "cases each": options.cases, "floor": "BM25, 20-line windows"}
    if options.json:
        parts = {"repositories": [asdict(row) for row in by_repository]}
        print(as_json(facts, parts, rows))
    else:
        print_table(facts, rows)
        print_table({"by repository": ""}, by_repository)


if __name__ == "__main__":
    raise SystemExit(main())
