"""`dev.py bench generation`: what healing, hypotheses and drafts give and cost, on real code.

Lines of code lose their ends, and the model writes them again in several ways. Then long answers
are timed with drafts and without.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import rich
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.approximation.cases import Case, choose_cases, read_sources
from bench.generation.drafts import Speed, measure_drafts
from bench.generation.figures import Row, rows_of
from bench.generation.lines import attempt_lines
from cloister.core.errors import CloisterError
from cloister.engine.llama.model import open_model
from cloister.models.catalogue import resolve_model
from cloister.settings.settings import CompletionSettings
from development.terminal import SetupError

_WIDTH_OF_FILES = 120
_CAPTION = (
    "exact: lines that are the truth; shown: sure enough; precise: exact lines among those shown; "
    "right: exact lines shown, of all cases"
)


def main() -> int:
    """Measure and print; returns 1 when something cannot run."""
    options = _parser().parse_args()
    try:
        cases = _cases(options.source or [Path(rich.__file__).parent], options.cases)
        name = str(options.model.absolute()) if options.model else None
        model = open_model(resolve_model(name).path, options.threads, lambda _fraction: None)
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("cases", total=len(cases))
            attempts = attempt_lines(model, cases, lambda: progress.advance(task))
            rows = rows_of(attempts, CompletionSettings().min_confidence)
        speeds = list(measure_drafts(model))
    except (CloisterError, SetupError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    facts = {"model": model.path.name, "cases": len(cases), "threads": options.threads}
    model.close()
    if options.json:
        results = {"lines": rows, "drafts": speeds}
        tables = {name: [asdict(entry) for entry in table] for name, table in results.items()}
        print(json.dumps({"facts": facts, **tables}, indent=2))
    else:
        _print_tables(facts, rows, speeds)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/dev.py bench generation", description=__doc__)
    parser.add_argument("--model", type=Path, metavar="GGUF", help="default: the bundled model")
    parser.add_argument(
        "--source",
        type=Path,
        action="append",
        metavar="FOLDER",
        help="Python code that the model was not trained on, several times; default: rich",
    )
    parser.add_argument("--cases", type=int, default=400, metavar="N")
    parser.add_argument("--threads", type=int, default=1, metavar="N")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _cases(folders: list[Path], n_cases: int) -> list[Case]:
    cases = choose_cases(read_sources(folders), max(0, n_cases))
    if not cases:
        raise SetupError("There is no case to measure; name more Python code with --source.")
    return cases


def _print_tables(facts: dict[str, object], rows: Iterable[Row], speeds: Iterable[Speed]) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_FILES
    console.print(", ".join(f"{name} {fact}" for name, fact in facts.items()), style="dim")
    table = _table("place", "healed", "hypotheses", "cases", "exact", "shown", "precise", "right",
                   "tokens", "ms")  # fmt: skip
    table.caption = _CAPTION
    for row in rows:
        shares = (row.exact, row.shown, row.precise, row.right)
        table.add_row(
            row.place,
            "yes" if row.heals else "no",
            *(str(count) for count in (row.hypotheses, row.n_cases)),
            *(f"{share:.1%}" for share in shares),
            f"{row.tokens:.1f}",
            f"{row.ms:.1f}",
        )
    console.print(table)
    table = _table("text", "tokens", "plain", "with drafts", "ratio", "drafted", "accepted", "same")
    for speed in speeds:
        table.add_row(
            speed.text,
            str(speed.tokens),
            *(f"{number:.0f}/s" for number in (speed.plain, speed.with_drafts)),
            f"{speed.with_drafts / speed.plain:.2f}x",
            *(f"{share:.0%}" for share in (speed.drafted, speed.accepted, speed.same)),
        )
    console.print(table)


def _table(*titles: str) -> Table:
    table = Table(box=None, pad_edge=False)
    for number, title in enumerate(titles):
        table.add_column(title, justify="right" if number else "left", no_wrap=True)
    return table


if __name__ == "__main__":
    raise SystemExit(main())
