"""Whether a backend may still spend, and when a machine of one's own would have paid; pure."""

from dataclasses import dataclass

from cloister.egress.prices import written_cost
from cloister.settings.backends import BackendSettings

_HOURS_PER_MONTH = 730
_WATTS_PER_KILOWATT = 1000


def over_budget(settings: BackendSettings, spent: float, next_cost: float | None = None) -> str:
    """Return why a request would break the backend's monthly budget; empty when it may go.

    `spent` is this month's cost so far. A request whose cost is not known goes as long as something
    is left: whoever sets a budget should add a price.
    """
    budget = settings.monthly_budget
    if budget is None or (spent < budget and spent + (next_cost or 0) <= budget):
        return ""
    return (
        f"The backend {settings.name!r} has spent {written_cost(spent)} of its monthly budget of "
        f"{written_cost(budget)}; raise monthly-budget or wait for the next month."
    )


@dataclass(frozen=True, slots=True)
class OwnMachine:
    """What a machine of one's own costs: once, and in electricity (price per kilowatt-hour)."""

    purchase: float
    watts: float = 0.0
    electricity_price: float = 0.0
    hours_per_month: float = _HOURS_PER_MONTH

    @property
    def monthly_cost(self) -> float:
        """What it costs each month to run."""
        kilowatt_hours = self.watts * self.hours_per_month / _WATTS_PER_KILOWATT
        return kilowatt_hours * self.electricity_price


def months_to_break_even(machine: OwnMachine, cloud_per_month: float) -> float | None:
    """Return after how many months the machine has cost less than a cloud; None for never."""
    saved = cloud_per_month - machine.monthly_cost
    return machine.purchase / saved if saved > 0 else None
