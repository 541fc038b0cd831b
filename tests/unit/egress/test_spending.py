"""Budgets stop in time, and machines pay or do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.egress.spending import OwnMachine, months_to_break_even, over_budget
from cloister.settings.backends import BackendSettings, parse_backend


def backend(budget: float | None) -> BackendSettings:
    more = {} if budget is None else {"monthly-budget": budget}
    return parse_backend("work", {"provider": "openai", "model": "m", **more})


@pytest.mark.parametrize(
    ("budget", "spent", "cost", "may_go"),
    [
        (None, 1e6, 1e6, True),
        (10, 0, 1, True),
        (10, 9, 1, True),
        (10, 9.5, 1, False),
        (10, 9.5, None, True),
        (10, 10, None, False),
        (10, 10, 0, False),
        (0, 0, None, False),
    ],
)
def test_a_budget_stops_what_would_break_it(
    budget: float | None, spent: float, cost: float | None, *, may_go: bool
) -> None:
    problem = over_budget(backend(budget), spent, cost)
    assert (problem == "") is may_go
    if problem:
        assert "raise monthly-budget or wait for the next month." in problem


AMOUNTS = st.floats(0, 1e5)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_more_spent_never_permits_more(
    budget: float, spent: float, more: float, cost: float
) -> None:
    if over_budget(backend(budget), spent, cost):
        assert over_budget(backend(budget), spent + more, cost)
        assert over_budget(backend(budget), spent, cost + more)


def test_when_a_machine_has_paid_for_itself() -> None:
    machine = OwnMachine(purchase=1500, watts=100, electricity_price=0.3, hours_per_month=100)
    assert machine.monthly_cost == pytest.approx(3.0)
    assert months_to_break_even(machine, 53.0) == pytest.approx(30.0)
    assert months_to_break_even(machine, 3.0) is None
    assert months_to_break_even(OwnMachine(0), 1.0) == 0
