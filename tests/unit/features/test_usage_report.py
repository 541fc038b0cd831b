"""Sums of usage, and what local tokens would have cost."""

from datetime import date

import pytest

from cloister.egress.prices import Price
from cloister.egress.spending import OwnMachine
from cloister.features.usage_report import KEYS, UsageRow, compare, latest, usage_rows
from cloister.observe.usage import LOCAL, Use

USES = (
    Use("2026-11-02", LOCAL, "s", "/r", 7, 1_000_000, 0, 100_000),
    Use("2026-11-01", "work", "m", "/r", 1, 200, 0, 20, 0.25),
    Use("2026-11-02", "work", "m", "/q", 1, 100, 50, 10, 0.5),
    Use("2026-11-02", "work", "n", "/q", 2, 100, 0, 10, None, estimated=True),
)
PRICE = Price("openai", "m", input=2.0, output=10.0)


def test_uses_are_summed_by_what_is_told_apart() -> None:
    assert usage_rows(USES, ("backend", "model")) == [
        UsageRow((LOCAL, "s"), 7, 1_000_000, 0, 100_000, 0.0, 0, estimated=False),
        UsageRow(("work", "m"), 2, 300, 50, 30, 0.75, 0, estimated=False),
        UsageRow(("work", "n"), 2, 100, 0, 10, 0.0, 2, estimated=True),
    ]
    assert [row.key for row in usage_rows(USES, ("workspace",))] == [("/q",), ("/r",)]
    assert usage_rows((), ("day",)) == []


@pytest.mark.parametrize("key", KEYS)
def test_no_way_of_telling_apart_loses_anything(key: str) -> None:
    rows = usage_rows(USES, (key,))
    assert sum(row.requests for row in rows) == 11
    assert sum(row.cost for row in rows) == pytest.approx(0.75)
    assert sum(row.unpriced for row in rows) == 2


def test_what_local_tokens_would_have_cost() -> None:
    comparison = compare(USES, PRICE, days=30)
    assert comparison.local_cost == pytest.approx(3.0)
    assert comparison.cloud_cost == pytest.approx(0.75)
    assert comparison.cloud_per_month == pytest.approx(3.75 / 30 * 365.25 / 12)
    assert comparison.break_even_months is None
    comparison = compare(USES, PRICE, 30, OwnMachine(380.46875))
    assert comparison.break_even_months == pytest.approx(100.0)


def test_the_latest_days_include_today() -> None:
    assert latest(USES, 1, date(2026, 11, 2)) == [USES[0], USES[2], USES[3]]
    assert latest(USES, 2, date(2026, 11, 2)) == list(USES)
    assert latest(USES, 1, date(2026, 12, 2)) == []
