"""`dev.py bench approximation`: what moved cells cost in the model's answers, on real code.

Where a family puts the text after the cursor behind the text before it, the engine moves cells that
were computed behind another text. Each prompt is read that way and from scratch, and the two are
compared: what the model writes, and how likely it finds the true end of the line.
"""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

import rich
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.approximation.cases import Case, choose_cases, read_sources
from bench.approximation.figures import Row, rows_of
from bench.approximation.outcomes import compare, moving_costs_tokens
from bench.approximation.trials import Measure
from cloister.core.errors import CloisterError
from cloister.engine.llama.model import open_model
from cloister.models.catalogue import resolve_model
from development.terminal import SetupError

_WIDTH_OF_FILES = 160
_TITLES = {
    Measure.NOISE: "batches of {} tokens",
    Measure.TYPED: "moved after {} typed characters",
    Measure.JUMP: "moved after a jump of {} lines",
    Measure.TOUR: "moved after jumps, drift from {}",
    Measure.LINE: "the line behind the marker",
    Measure.BEHIND: "{} characters behind the marker",
}
_CAPTION = (
    "fresh: tokens of the tail that are read again; exact: lines that are the truth; nats: "
    "log-probability of the truth a token, gain and change: how it differs; read: tokens evaluated"
)


def main() -> int:
    """Measure and print; returns 1 when something cannot run."""
    options = _parser().parse_args()
    try:
        cases = _cases(options.source or [Path(rich.__file__).parent], options.cases)
        name = str(options.model.absolute()) if options.model else None
        model = open_model(resolve_model(name).path, 1, lambda _fraction: None)
        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("cases", total=len(cases))
            rows = rows_of(compare(model, cases, lambda: progress.advance(task)))
        moving = moving_costs_tokens(model)
    except (CloisterError, SetupError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    facts = {
        "model": model.path.name,
        "cases": len(cases),
        "context tokens": model.context_tokens,
        "moving a tail costs as much as reading tokens": round(moving),
    }
    model.close()
    if options.json:
        print(json.dumps({"facts": facts, "rows": [asdict(row) for row in rows]}, indent=2))
    else:
        _print_table(facts, rows)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/dev.py bench approximation", description=__doc__)
    parser.add_argument("--model", type=Path, metavar="GGUF", help="default: the bundled model")
    parser.add_argument(
        "--source",
        type=Path,
        action="append",
        metavar="FOLDER",
        help="Python code that the model was not trained on, several times; default: rich",
    )
    parser.add_argument("--cases", type=int, default=300, metavar="N")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _cases(folders: list[Path], n_cases: int) -> list[Case]:
    cases = choose_cases(read_sources(folders), max(0, n_cases))
    if not cases:
        raise SetupError("There is no case to measure; name more Python code with --source.")
    return cases


def _print_table(facts: dict[str, object], rows: list[Row]) -> None:
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_FILES
    console.print(", ".join(f"{name} {fact}" for name, fact in facts.items()), style="dim")
    table = Table(caption=_CAPTION, box=None, pad_edge=False)
    for title in ("measure", "fresh", "cases", "same token", "same line", "exact", "instead of",
                  "nats", "gain", "change", "most", "drift", "read", "of"):  # fmt: skip
        table.add_column(title, justify="left" if title == "measure" else "right", no_wrap=True)
    for row in rows:
        table.add_row(
            _TITLES[row.measure].format(row.amount),
            *(str(count) for count in (row.fresh_tokens, row.n_cases)),
            *(f"{share:.1%}" for share in (row.first_token, row.line)),
            *(f"{share:.1%}" for share in (row.exact, row.exact_reference)),
            f"{row.reference_nats:.3f}",
            f"{row.gain_nats:+.4f} ±{row.error_nats:.4f}",
            *(f"{nats:.4f}" for nats in (row.mean_change_nats, row.largest_change_nats)),
            *(f"{n:.0f}" for n in (row.drift_tokens, row.evaluated_tokens, row.prompt_tokens)),
        )
    console.print(table)


if __name__ == "__main__":
    raise SystemExit(main())
