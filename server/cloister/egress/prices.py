"""What tokens cost: a table with dates and sources, and the user's own, which counts first.

A price that is not known is None and never zero: nobody may take an unknown bill for none.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import Any

from cloister.core.errors import SettingsError
from cloister.egress.dialects import Counted
from cloister.settings.small_file import read_small_file
from cloister.settings.user_folders import UserFolders

_PER = 1_000_000
_CURRENCY = "USD"
_MOST_PRICE = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a million tokens of the models that `model` matches; * stands for any letters.

    `cached_input` is that of prompt tokens that the service reused; None is the full price. `seen`
    is when the price was read at `source`.
    """

    provider: str
    model: str
    input: float
    output: float
    cached_input: float | None = None
    seen: date | None = None
    source: str = ""

    def cost_of(self, counted: Counted) -> float:
        """Return the cost of a request; tokens that nobody counted cost nothing."""
        reused = min(counted.reused_tokens or 0, counted.prompt_tokens or 0)
        read = (counted.prompt_tokens or 0) - reused
        cached_input = self.input if self.cached_input is None else self.cached_input
        written = counted.generated_tokens or 0
        return (read * self.input + reused * cached_input + written * self.output) / _PER


def user_prices_path(folders: UserFolders) -> Path:
    """Return where the user's own prices lie, or would lie."""
    return folders.config / "cloister" / "prices.toml"


def read_prices(user_path: Path) -> tuple[Price, ...]:
    """Return all prices, the user's first; raises SettingsError when the user's cannot be read."""
    ours = files(__package__).joinpath("prices.toml").read_bytes()
    try:
        own = read_small_file(user_path)
    except FileNotFoundError:
        own = b""
    except OSError as error:
        raise _unusable(user_path) from error
    try:
        return (*_prices(own), *_prices(ours))
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise _unusable(user_path) from error


def price_of(prices: Iterable[Price], provider: str, model: str) -> Price | None:
    """Return the first price that is meant for a model; None when there is none."""
    return next(
        (it for it in prices if it.provider == provider and fnmatchcase(model, it.model)), None
    )


def written_cost(cost: float | None) -> str:
    """Return a cost for people: `not known`, or dollars with as many digits as tell something."""
    if cost is None:
        return "not known"
    return f"{cost:.2f} {_CURRENCY}" if cost == 0 or cost >= 1 else f"{cost:.4f} {_CURRENCY}"


def _prices(data: bytes) -> list[Price]:
    return [_price(values) for values in tomllib.loads(data.decode("utf-8-sig")).get("price", [])]


def _price(values: Mapping[str, Any]) -> Price:
    price = Price(**values)
    amounts = (price.input, price.output, price.cached_input or 0)
    if not all(type(it) in {int, float} and 0 <= it <= _MOST_PRICE for it in amounts):
        raise ValueError
    if not all(isinstance(it, str) for it in (price.provider, price.model, price.source)):
        raise TypeError
    return price


def _unusable(path: Path) -> SettingsError:
    return SettingsError(
        f"The prices in {path} cannot be used; each needs [[price]] with provider, model, input "
        "and output, in dollars per million tokens."
    )
