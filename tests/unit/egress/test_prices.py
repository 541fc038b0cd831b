"""Prices: which one counts, what is worked out with it, and that ours say where they come from."""

from datetime import date
from pathlib import Path

import pytest

from cloister.core.errors import SettingsError
from cloister.egress.dialects import Counted
from cloister.egress.prices import Price, price_of, read_prices, written_cost
from cloister.egress.providers import all_providers

OWN = """\
[[price]]
provider = "vllm"
model = "*"
input = 0.05
output = 0.1

[[price]]
provider = "openai"
model = "gpt-5.4-mini*"
input = 9
output = 9
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "prices.toml"


def test_ours_say_where_and_when_they_were_seen(own: Path) -> None:
    prices = read_prices(own)
    assert len(prices) > 10
    for price in prices:
        assert price.provider in all_providers()
        assert price.seen is not None
        assert date(2025, 1, 1) < price.seen < date(2027, 1, 1)
        assert price.source.startswith("https://")
        assert 0 < price.input < price.output


def test_none_of_ours_hides_behind_another(own: Path) -> None:
    prices = read_prices(own)
    for price in prices:
        named = price.model.replace("[5678]", "5").removesuffix("*")
        assert price_of(prices, price.provider, named) is price


@pytest.mark.parametrize(
    ("provider", "model", "amount"),
    [
        ("openai", "gpt-5.4-mini-2026-03-17", 0.75),
        ("openai", "gpt-5.4", 2.5),
        ("openai", "gpt-5.4-pro", None),
        ("anthropic", "claude-opus-4-5-20251101", 5.0),
        ("anthropic", "claude-opus-4-1", 15.0),
        ("anthropic", "claude-opus-4-8", 5.0),
        ("anthropic", "claude-opus-5-5", 4.0),
        ("anthropic", "claude-opus-5", 5.0),
        ("deepseek", "deepseek-v4-flash", 0.14),
        ("openrouter", "gpt-5.4", None),
        ("vllm", "anything", None),
    ],
)
def test_the_first_that_fits_counts(
    own: Path, provider: str, model: str, amount: float | None
) -> None:
    price = price_of(read_prices(own), provider, model)
    assert (price and price.input) == amount


def test_the_users_own_come_first(own: Path) -> None:
    own.write_text(OWN, encoding="utf-8")
    prices = read_prices(own)
    for provider, model, amount in (("vllm", "any/model", 0.05), ("openai", "gpt-5.4-mini", 9)):
        price = price_of(prices, provider, model)
        assert price is not None
        assert price.input == amount


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "price = 5",
        "[[price]]\nprovider = 'x'",
        "[[price]]\nprovider = 'x'\nmodel = 'm'\ninput = -1\noutput = 1",
        "[[price]]\nprovider = 'x'\nmodel = 'm'\ninput = nan\noutput = 1",
        "[[price]]\nprovider = 'x'\nmodel = 'm'\ninput = true\noutput = 1",
        "[[price]]\nprovider = 5\nmodel = 'm'\ninput = 1\noutput = 1",
        "[[price]]\nprovider = 'x'\nmodel = 'm'\ninput = 1\noutput = 1\nshell = 'rm'",
    ],
)
def test_prices_that_cannot_be_used_are_one_sentence(own: Path, text: str) -> None:
    own.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be used; each needs"):
        read_prices(own)


def test_what_a_request_costs() -> None:
    price = Price("p", "m", input=2.0, output=10.0, cached_input=0.5)
    assert price.cost_of(Counted(1_000_000, 100_000, 0)) == pytest.approx(3.0)
    assert price.cost_of(Counted(1_000_000, 0, 400_000)) == pytest.approx(1.4)
    # Never less than nothing, and tokens that nobody counted cost nothing.
    assert price.cost_of(Counted(10, 0, 1000)) == pytest.approx(5e-6)
    assert price.cost_of(Counted()) == 0
    assert Price("p", "m", 2.0, 10.0).cost_of(Counted(10, 0, 10)) == pytest.approx(2e-5)


@pytest.mark.parametrize(
    ("cost", "text"),
    [(None, "not known"), (0, "0.00 USD"), (0.00012, "0.0001 USD"), (12.345, "12.35 USD")],
)
def test_costs_for_people(cost: float | None, text: str) -> None:
    assert written_cost(cost) == text
