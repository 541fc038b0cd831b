"""What tokens were used for, what they cost, and when a machine of one's own pays; pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from cloister.egress.dialects import Counted
from cloister.egress.prices import Price
from cloister.egress.spending import OwnMachine, months_to_break_even
from cloister.observe.usage import LOCAL, Use

KEYS = ("day", "backend", "model", "workspace")
"""What uses can be told apart by."""

_DAYS_PER_MONTH = 365.25 / 12


@dataclass(frozen=True, slots=True)
class UsageRow:
    """Uses that are alike in `key`; `unpriced` requests are not in `cost`."""

    key: tuple[str, ...]
    requests: int
    prompt_tokens: int
    reused_tokens: int
    generated_tokens: int
    cost: float
    unpriced: int
    estimated: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What local tokens would have cost at a service, and what that is a month.

    `break_even_months` is None where no machine was described, or where it never pays.
    """

    price: Price
    local_cost: float
    cloud_cost: float
    cloud_per_month: float
    break_even_months: float | None = None


def usage_rows(uses: Iterable[Use], by: tuple[str, ...]) -> list[UsageRow]:
    """Return a row for each key that occurs, in order; `by` are some of KEYS."""

    def key(use: Use) -> tuple[str, ...]:
        return tuple(str(getattr(use, name)) for name in by)

    return [_row(found, list(group)) for found, group in groupby(sorted(uses, key=key), key)]


def compare(
    uses: Iterable[Use], price: Price, days: int, machine: OwnMachine | None = None
) -> Comparison:
    """Return what everything would have cost at `price`, as far as it was local.

    `days` is how long the uses took together; a month is taken from that.
    """
    found = list(uses)
    local = [use for use in found if use.backend == LOCAL]
    local_cost = sum(price.cost_of(_counted(use)) for use in local)
    cloud_cost = sum(use.cost or 0.0 for use in found if use.backend != LOCAL)
    per_month = (local_cost + cloud_cost) / max(1, days) * _DAYS_PER_MONTH
    months = months_to_break_even(machine, per_month) if machine else None
    return Comparison(price, local_cost, cloud_cost, per_month, months)


def latest(uses: Iterable[Use], days: int, today: date) -> list[Use]:
    """Return the uses of the last `days` days, today included."""
    first = (today - timedelta(days=days - 1)).isoformat()
    return [use for use in uses if use.day >= first]


def _row(key: tuple[str, ...], uses: list[Use]) -> UsageRow:
    priced = [use for use in uses if use.backend == LOCAL or use.cost is not None]
    return UsageRow(
        key=key,
        requests=sum(use.requests for use in uses),
        prompt_tokens=sum(use.prompt_tokens for use in uses),
        reused_tokens=sum(use.reused_tokens for use in uses),
        generated_tokens=sum(use.generated_tokens for use in uses),
        cost=sum(use.cost or 0.0 for use in priced),
        unpriced=sum(use.requests for use in uses) - sum(use.requests for use in priced),
        estimated=any(use.estimated for use in uses),
    )


def _counted(use: Use) -> Counted:
    return Counted(use.prompt_tokens, use.generated_tokens, use.reused_tokens)
