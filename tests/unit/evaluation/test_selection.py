from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.errors import SettingsError
from cloister.evaluation.selection import start_time

DAY = 86_400
NEWEST = 2_000_000_000


@pytest.mark.parametrize(
    ("since", "start"),
    [
        ("90d", NEWEST - 90 * DAY),
        ("2w", NEWEST - 14 * DAY),
        ("6m", NEWEST - 180 * DAY),
        ("1y", NEWEST - 365 * DAY),
        ("2026-01-31", int(datetime(2026, 1, 31, tzinfo=UTC).timestamp())),
    ],
)
def test_times_are_understood(since: str, start: int) -> None:
    assert start_time(since, NEWEST) == start


@given(st.text(max_size=12).filter(lambda text: not any(map(str.isdigit, text))))
def test_anything_else_is_one_sentence(text: str) -> None:
    with pytest.raises(SettingsError, match="is no time; write 90d"):
        start_time(text, NEWEST)


@pytest.mark.parametrize("text", ["6", "6mm", "-6m", "99999y", "2026-13-01", "6 m"])
def test_times_that_are_nearly_right_are_not_guessed(text: str) -> None:
    with pytest.raises(SettingsError):
        start_time(text, NEWEST)
