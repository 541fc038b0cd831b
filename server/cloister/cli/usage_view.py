"""Shows usage on a terminal."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cloister.core.invisible import shown
from cloister.egress.prices import written_cost
from cloister.egress.spending import OwnMachine
from cloister.features.usage_report import Comparison, UsageRow

# Wide enough for any table, so that nothing is folded for a program that reads it.
_PIPE_COLUMNS = 1000


def print_usage(rows: Sequence[UsageRow], by: Sequence[str]) -> None:
    """Print a row for each thing that is told apart."""
    if not rows:
        print("Nothing was recorded in this time.")
        return
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPE_COLUMNS)
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for column in (*by, "requests", "read", "of these reused", "written", "cost"):
        table.add_column(column)
    for row in rows:
        about = "about " if row.estimated else ""
        counts = (row.prompt_tokens, row.reused_tokens, row.generated_tokens)
        cells = (*row.key, str(row.requests), *(f"{about}{count:,}" for count in counts))
        table.add_row(*(Text(shown(cell)) for cell in (*cells, _cost(row))))
    console.print(table)


def print_comparison(comparison: Comparison, machine: OwnMachine | None) -> None:
    """Print what local tokens would have cost, and when a machine has paid."""
    price = comparison.price
    name = shown(f"{price.provider}/{price.model}")
    seen = f", price of {price.seen}" if price.seen else ""
    print(
        f"Local tokens would have cost {written_cost(comparison.local_cost)} at {name}{seen}. "
        f"With what was paid, that is {written_cost(comparison.cloud_per_month)} a month."
    )
    if machine is None:
        return
    if comparison.break_even_months is None:
        monthly = written_cost(machine.monthly_cost)
        print(f"A machine that draws {monthly} a month does not pay at this use.")
    else:
        months = comparison.break_even_months
        print(f"Your machine has paid for itself after {months:.1f} months.")


def _cost(row: UsageRow) -> str:
    if not row.unpriced:
        return written_cost(row.cost)
    known = f"{written_cost(row.cost)} and " if row.cost else ""
    return f"{known}{row.unpriced} requests without a known price"
