"""`cloister usage`: tokens and what they cost, by backend, model, repository and day."""

import argparse
import json
import sys
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

from cloister.core.errors import CloisterError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cloister.egress.prices import Price
    from cloister.egress.spending import OwnMachine
    from cloister.settings.user_folders import UserFolders

_KEYS = ("backend", "model", "workspace", "day")


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the `usage` subcommand."""
    parser = subparsers.add_parser(
        "usage",
        help="show how many tokens were used and what they cost",
        description="Show how many tokens were used and what they cost. Prices are those of a "
        "table with dates; local tokens cost nothing.",
    )
    parser.add_argument("--days", type=int, default=30, help="how far back (default: %(default)s)")
    parser.add_argument(
        "--by",
        choices=_KEYS,
        nargs="+",
        default=["backend", "model"],
        help="what to tell apart (default: backend model)",
    )
    parser.add_argument(
        "--compare",
        metavar="PROVIDER/MODEL",
        help="what local tokens would have cost there (default: the first priced backend)",
    )
    parser.add_argument("--machine", type=float, metavar="DOLLARS", help="price of your machine")
    parser.add_argument("--watts", type=float, default=0, help="what it draws (default: 0)")
    parser.add_argument(
        "--electricity", type=float, default=0, metavar="DOLLARS", help="per kilowatt-hour"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.set_defaults(func=_run)


def _run(options: argparse.Namespace) -> int:
    from cloister.cli.usage_view import print_comparison, print_usage
    from cloister.egress.prices import read_prices, user_prices_path
    from cloister.features.usage_report import compare, latest, usage_rows
    from cloister.observe.usage import UsageRecord
    from cloister.settings.user_folders import current_user_folders

    if options.days < 1:
        raise SettingsError("--days must be at least 1.")
    folders, today = current_user_folders(), date.today()  # noqa: DTZ011  # days of the user
    record = UsageRecord.below(folders.state)
    try:
        uses, n_damaged = record.read(record.months())
    except OSError as error:
        raise CloisterError(
            f"The record of usage cannot be read ({error.strerror}); check {record.folder}."
        ) from error
    found = latest(uses, options.days, today)
    rows = usage_rows(found, tuple(options.by))
    price = _compared(options.compare, read_prices(user_prices_path(folders)), folders)
    comparison = compare(found, price, options.days, _machine(options)) if price else None
    if options.json:
        facts = {
            "days": options.days,
            "by": options.by,
            "rows": [asdict(row) for row in rows],
            "comparison": comparison and asdict(comparison),
            "damaged_lines": n_damaged,
        }
        print(json.dumps(facts, indent=2, default=str))
        return 0
    print_usage(rows, options.by)
    if comparison is not None:
        print_comparison(comparison, _machine(options))
    if n_damaged:
        print(f"{n_damaged} lines of the record could not be read.", file=sys.stderr)
    return 0


def _machine(options: argparse.Namespace) -> "OwnMachine | None":
    from cloister.egress.spending import OwnMachine

    if options.machine is None:
        return None
    return OwnMachine(options.machine, options.watts, options.electricity)


def _compared(
    named: str | None, prices: "Sequence[Price]", folders: "UserFolders"
) -> "Price | None":
    from cloister.egress.prices import price_of
    from cloister.settings.backends import read_backends
    from cloister.settings.user_file import user_file_path

    if named is None:
        backends, _ = read_backends(user_file_path(folders))
        known = (price_of(prices, it.provider, it.model) for it in backends.values())
        return next((price for price in known if price is not None), None)
    provider, _, model = named.partition("/")
    price = price_of(prices, provider, model)
    if price is None:
        raise SettingsError(
            f"There is no price for {named!r}; add one to prices.toml beside your settings file."
        )
    return price
