"""Shows services on a terminal: those that are named, and how the trials of one went."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cloister.backends.trial import Trial
from cloister.core.errors import SettingsError
from cloister.core.invisible import shown
from cloister.egress.addresses import class_of_origin
from cloister.egress.prices import written_cost
from cloister.egress.providers import endpoint_of
from cloister.observe.usage import UsageRecord
from cloister.settings.backends import BackendSettings
from cloister.settings.user_folders import current_user_folders

_MOST_SHOWN_MODELS = 20
_MOST_SHOWN_CHARS = 60
# Wide enough for any table, so that nothing is folded for a program that reads it.
_PIPE_COLUMNS = 1000


def backend_facts(settings: BackendSettings) -> dict[str, Any]:
    """Return what is said of a backend; `problem` is empty where it can be asked."""
    record = UsageRecord.below(current_user_folders().state)
    today = date.today()  # noqa: DTZ011  # a month's budget is the user's own month
    facts: dict[str, Any] = {
        "name": settings.name,
        "provider": settings.provider,
        "model": settings.model,
        "key": settings.key.value,
        "monthly_budget": settings.monthly_budget,
        "spent_this_month": None,
    }
    try:
        origin = endpoint_of(settings).origin
        facts |= {"spent_this_month": record.spent(settings.name, today)}
    except SettingsError as error:
        return facts | {"origin": None, "class": None, "problem": str(error)}
    except OSError as error:
        problem = f"What it has cost cannot be read ({error.strerror}), so nothing is sent."
        return facts | {"origin": str(origin), "class": None, "problem": problem}
    known = class_of_origin(origin)
    return facts | {"origin": str(origin), "class": known and known.value, "problem": ""}


def print_backends(facts: Sequence[Mapping[str, Any]]) -> None:
    """Print a row for each backend."""
    if not facts:
        print("No service is named; nothing can leave. `cloister backend add` names one.")
        return
    table = _table("name", "provider", "model", "where", "key", "this month", "problem")
    for fact in facts:
        budget = fact["monthly_budget"]
        of_budget = "" if budget is None else f" of {written_cost(budget)}"
        spent = f"{written_cost(fact['spent_this_month'])}{of_budget}"
        where = fact["origin"] or ""
        cells = (fact["name"], fact["provider"], fact["model"], where, fact["key"])
        _add_row(table, (*cells, spent, fact["problem"]))
    _console().print(table)


def print_trials(trials: Iterable[Trial], models: Sequence[str]) -> None:
    """Print a row for each trial, and the models that the service lists."""
    table = _table("backend", "task", "works", "first token", "total", "tokens", "cost", "answer")
    for trial in trials:
        if trial.problem:
            _add_row(table, (trial.backend, trial.task, "no", "", "", "", "", trial.problem))
            continue
        tokens = f"{trial.prompt_tokens} + {trial.generated_tokens}"
        times = (f"{trial.first_token_ms:.0f} ms", f"{trial.total_ms:.0f} ms")
        row = (trial.backend, trial.task, "yes", *times, tokens, written_cost(trial.cost))
        _add_row(table, (*row, " ".join(trial.text.split())[:_MOST_SHOWN_CHARS]))
    _console().print(table)
    if models:
        rest = ", …" if len(models) > _MOST_SHOWN_MODELS else ""
        print(f"Models there: {shown(', '.join(models[:_MOST_SHOWN_MODELS]))}{rest}")


def trials_as_json(trials: Iterable[Trial], models: Sequence[str]) -> dict[str, Any]:
    """Return the same as a JSON object; durations in milliseconds, null for an unknown cost."""
    tried = [asdict(trial) | {"works": not trial.problem} for trial in trials]
    return {"trials": tried, "models": list(models)}


def _table(*columns: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD if _console().is_terminal else None, pad_edge=False)
    for column in columns:
        table.add_column(column)
    return table


def _add_row(table: Table, cells: Iterable[str]) -> None:
    table.add_row(*(Text(shown(cell)) for cell in cells))


def _console() -> Console:
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=_PIPE_COLUMNS)
