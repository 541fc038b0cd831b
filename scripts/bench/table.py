"""Shows rows to people as a table."""

from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bench.rows import Row

_WIDTH_OF_FILES = 110


def print_table(facts: Mapping[str, object], rows: Sequence[Row]) -> None:
    """Print what ran where, and one line per row."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = _WIDTH_OF_FILES
    console.print(", ".join(f"{name} {fact}" for name, fact in facts.items()), style="dim")
    table = Table("measure", box=None, pad_edge=False)
    for title in ("ours", "peer", "floor", "ratio", "target", ""):
        table.add_column(title, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(
            f"{row.measure} [dim]({row.unit})[/]",
            *(_number(number) for number in (row.ours, row.peer, row.floor)),
            f"{_number(row.ratio)}x" if row.ratio is not None else "",
            target_of(row),
            _verdict(row),
        )
    console.print(table)


def target_of(row: Row) -> str:
    """Return the target as people write it: `at most 64`, `at least 20x`."""
    times = "x" if row.ratio is not None else ""
    if row.at_most is not None:
        return f"at most {row.at_most:g}{times}"
    return "" if row.at_least is None else f"at least {row.at_least:g}{times}"


def _verdict(row: Row) -> Text:
    if row.met is None:
        return Text("")
    return Text("met", "green") if row.met else Text("MISSED", "bold red")


def _number(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:.0f}" if number == int(number) or abs(number) >= 100 else f"{number:.2f}"  # noqa: PLR2004  # three digits are enough
