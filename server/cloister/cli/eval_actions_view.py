"""Shows an evaluation of code actions in a terminal: a table by action, and what went wrong."""

from collections.abc import Mapping

from rich.console import Console
from rich.table import Table

from cloister.core.invisible import shown
from cloister.evaluation.actions.report import ActionReport, ActionSummary

_TITLES = ("", "cases", "edits", "parse", "solved", "size", "p50 ms")
_CAPTION = (
    "edits: cases that ended in one; parse: edits that parse, and compile; solved: edits with "
    "which the hidden tests pass; size: characters of the lines that these edits changed, for one "
    "that was needed"
)


def print_actions(report: ActionReport, model: str) -> None:
    """Print the counts, then the reasons why there was no edit or no solution."""
    console = Console(highlight=False)
    table = Table(*_TITLES, box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for summaries in (report.actions, report.languages, (report.everything,)):
        for summary in summaries:
            table.add_row(*_cells(summary))
        table.add_section()
    console.print(shown(f"Cases of code actions, done by {model}."), style="dim", markup=False)
    console.print(table)
    console.print(_CAPTION, style="dim")
    _print_reasons(console, "No edit", report.refusals)
    _print_reasons(console, "No solution", report.problems)
    for language, reason in report.skipped.items():
        console.print(shown(f"Not tried: {language}: {reason}"), markup=False, soft_wrap=True)


def _cells(summary: ActionSummary) -> tuple[str, ...]:
    counts = (summary.n_cases, summary.n_answered, summary.n_parsed, summary.n_solved)
    return (
        summary.name,
        *map(str, counts),
        "" if summary.size is None else f"{summary.size:.2f}",
        "" if summary.p50_ms is None else f"{summary.p50_ms:.0f}",
    )


def _print_reasons(console: Console, title: str, reasons: Mapping[str, int]) -> None:
    for reason, count in reasons.items():
        console.print(shown(f"{title} ({count}): {reason}"), markup=False, soft_wrap=True)
