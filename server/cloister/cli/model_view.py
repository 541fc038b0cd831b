"""Shows models on a terminal: a table, all facts of one, and how far a copy has come."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from cloister.core.invisible import shown
from cloister.features.model_report import ModelReport, Purpose

_COLUMNS = ("model", "from", "completes", "parameters", "type", "size", "memory", "used for")
# Wide enough for any table, so that nothing is folded for a program that reads it.
_PIPE_COLUMNS = 1000
_UNITS = ((10**9, "B"), (10**6, "M"), (10**3, "K"))


def print_models(reports: Iterable[tuple[ModelReport, list[str]]]) -> None:
    """Print a row for each report and the purposes that its model is used for."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PIPE_COLUMNS)
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False)
    for column in _COLUMNS:
        table.add_column(column)
    for report, purposes in reports:
        style = "bold" if purposes else "dim" if report.details is None else ""
        table.add_row(*map(_printable, (*_cells(report), ", ".join(purposes))), style=style)
    console.print(table)


def print_facts(facts: Mapping[str, Any]) -> None:
    """Print one fact a line; groups of facts are indented."""
    console = Console(highlight=False, soft_wrap=True)
    for name, value in facts.items():
        if isinstance(value, Mapping):
            console.print(name)
            for inner, item in value.items():
                console.print(_printable(f"  {inner:<16}{_plain(item)}"))
        else:
            console.print(_printable(f"{name:<18}{_plain(value)}"))


@contextmanager
def copying_progress(name: str, n_bytes: int) -> Iterator[Callable[[int], object]]:
    """Show how much of a model is copied; yields what is to be told each block's bytes."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as progress:
        task = progress.add_task(_printable(name).plain, total=n_bytes)
        yield lambda block_bytes: progress.advance(task, block_bytes)


def report_as_json(report: ModelReport, purposes: list[str]) -> dict[str, Any]:
    """Return the report as a JSON object; sizes in bytes, null for what is not known."""
    model, details = report.model, report.details
    known = {
        "name": model.name,
        "aliases": list(model.aliases),
        "from": model.tool,
        "path": str(model.path),
        "size_bytes": report.size_bytes,
        "used_for": purposes,
        "problems": {purpose.value: report.objection(purpose) for purpose in Purpose},
    }
    if details is None:
        return known
    description = details.description
    return known | {
        "calls_itself": description.name,
        "family": details.family,
        "architecture": description.architecture,
        "tokenizer": description.tokenizer,
        "vocabulary_tokens": description.vocabulary_tokens,
        "context_tokens": description.context_tokens,
        "parameters": details.n_parameters,
        "type": details.quantisation,
        "chat_template": description.chat_template,
        "fim_markers": description.fim_markers,
        "memory_bytes": asdict(details.need) | {"total": details.need.total},
        "fits": report.fits,
    }


def _cells(report: ModelReport) -> tuple[str, ...]:
    details, objection = report.details, report.objection(Purpose.COMPLETION)
    completes = f"no: {objection}" if objection or not details else f"yes ({details.family})"
    start = (report.model.name, report.model.tool, completes)
    if details is None:
        return (*start, "", "", _bytes(report.size_bytes), "")
    memory = f"{_bytes(details.need.total)}{'' if report.fits is not False else ', too much'}"
    return (
        *start,
        _short(details.n_parameters),
        details.quantisation,
        _bytes(report.size_bytes),
        memory,
    )


def _plain(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "not known"}[value]
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


def _short(number: int) -> str:
    """Return a number as models' sizes are usually given: 1.5B, 6.9M."""
    for unit, letter in _UNITS:
        if number >= unit:
            return f"{number / unit:.1f}{letter}"
    return str(number)


def _bytes(number: int) -> str:
    gigabytes = number / 10**9
    return f"{gigabytes:.1f} GB" if gigabytes >= 1 else f"{number / 10**6:.0f} MB"


def _printable(text: str) -> Text:
    """Return text that came from files without anything that a terminal would obey."""
    return Text(shown(text).replace("\n", "\\n"))
