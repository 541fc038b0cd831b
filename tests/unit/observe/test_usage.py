"""The record of tokens: what is written comes back, and damage is counted."""

import stat
from datetime import date
from pathlib import Path

import pytest

from cloister.observe.usage import UsageRecord, Use

FIRST = Use("2026-10-31", "work", "m", "/r", 1, 100, 20, 10, 0.5)
SECOND = Use("2026-11-01", "work", "m", "/r", 1, 200, 0, 20, 0.25)
UNPRICED = Use("2026-11-02", "work", "m", "/r", 1, 200, 0, 20, None, estimated=True)
LOCAL = Use("2026-11-02", "local", "s", "/r", 7, 900, 800, 90, 0.0)


@pytest.fixture
def record(tmp_path: Path) -> UsageRecord:
    return UsageRecord.below(tmp_path)


def test_what_is_added_is_read_again_by_month(record: UsageRecord) -> None:
    assert record.months() == []
    for use in (FIRST, SECOND, UNPRICED, LOCAL):
        record.add(use)
    assert record.months() == ["2026-10", "2026-11"]
    assert record.read(["2026-10"]) == ([FIRST], 0)
    assert record.read(record.months()) == ([FIRST, SECOND, UNPRICED, LOCAL], 0)
    assert record.read(["1999-01"]) == ([], 0)


def test_a_month_s_cost_is_that_of_one_backend(record: UsageRecord) -> None:
    for use in (FIRST, SECOND, UNPRICED, LOCAL):
        record.add(use)
    assert record.spent("work", date(2026, 11, 30)) == pytest.approx(0.25)
    assert record.spent("work", date(2026, 10, 1)) == pytest.approx(0.5)
    assert record.spent("other", date(2026, 11, 30)) == 0


def test_nobody_else_may_read_it(record: UsageRecord) -> None:
    record.add(FIRST)
    assert stat.S_IMODE(record.folder.stat().st_mode) == 0o700
    (file,) = record.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "line",
    [
        b"nonsense",
        b"5",
        b"{}",
        b'{"day": "2026-11-01"}',
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"day": "x", "backend": "b", "model": "m", "workspace": ""}',
        b'{"day": "2026-11-01", "backend": "b", "model": "m", "workspace": "", "cost": -1}',
        b'{"day": "2026-11-01", "backend": "b", "model": "m", "workspace": "", "cost": "1"}',
        b'{"day": "2026-11-01", "backend": "b", "model": 5, "workspace": ""}',
        b'{"day": "2026-11-01", "backend": "b", "model": "m", "workspace": "", "requests": true}',
    ],
)
def test_a_damaged_line_is_counted_and_passed_over(record: UsageRecord, line: bytes) -> None:
    record.add(SECOND)
    (file,) = record.folder.iterdir()
    file.write_bytes(file.read_bytes() + line + b"\n")
    record.add(LOCAL)
    assert record.read(record.months()) == ([SECOND, LOCAL], 1)


def test_a_link_is_not_followed(record: UsageRecord, tmp_path: Path) -> None:
    record.folder.mkdir(parents=True)
    target = tmp_path / "target"
    target.write_bytes(b"")
    (record.folder / "usage-2026-11.jsonl").symlink_to(target)
    with pytest.raises(OSError, match="symbolic links"):
        record.add(SECOND)
    assert target.read_bytes() == b""
