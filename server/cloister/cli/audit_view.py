"""Shows the audit log on a terminal: a table of records, and what its verification found."""

from collections.abc import Collection, Mapping
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cloister.core.invisible import shown
from cloister.egress.audit.records import Record
from cloister.egress.audit.verify import Verification

_COLUMNS = ("record", "time", "what", "where", "model", "files", "out", "in", "why")
# Wide enough for any table, so that nothing is folded for a program that reads it.
_PIPE_COLUMNS = 1000


def print_records(records: Collection[Record]) -> None:
    """Print a row for each record, the oldest first."""
    console = Console(highlight=False)
    if not records:
        console.print("There are no such records.")
        return
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPE_COLUMNS)
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for column in _COLUMNS:
        table.add_column(column)
    for record in records:
        table.add_row(*(Text(shown(cell)) for cell in _cells(record)))
    console.print(table)


def print_verification(found: Verification) -> None:
    """Print whether the log is whole, each problem, and which requests have no end."""
    console = Console(highlight=False, soft_wrap=True)
    for problem in found.problems:
        console.print(Text(shown(problem)))
    for request_id in found.unfinished:
        console.print(
            Text(
                shown(f"The request {request_id} was begun and has no end: it may have been sent.")
            )
        )
    state = "is not whole" if found.problems else "is whole"
    console.print(f"The audit log {state}: {found.n_records} records.")


def record_facts(record: Record) -> Mapping[str, Any]:
    """Return a record as JSON has it, with the hash of its line."""
    return {
        "seq": record.seq,
        "time": record.time.isoformat(),
        "event": record.event,
        **record.details,
        "sha256": record.sha256,
    }


def _cells(record: Record) -> tuple[str, ...]:
    details = record.details
    return (
        str(record.seq),
        f"{record.time.astimezone():%Y-%m-%d %H:%M:%S}",
        record.event,
        str(details.get("origin", details.get("folder", ""))),
        str(details.get("model", "")),
        _files(details),
        str(details.get("bytes_out", "")),
        str(details.get("bytes_in", "")),
        _reason(details),
    )


def _files(details: Mapping[str, Any]) -> str:
    match details.get("files"):
        case [{"path": str(path), "first_line": int(line)}, *others]:
            first = f"{path}:{line + 1}"
            return f"{first} and {len(others)} more" if others else first
    return ""


def _reason(details: Mapping[str, Any]) -> str:
    if reason := details.get("reason") or details.get("action"):
        return str(reason)
    match details.get("policy"):
        case {"level": level, "decided_by": {"rule": rule}}:
            return f"{level}: {rule}"
    return ""
