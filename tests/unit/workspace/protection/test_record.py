"""Folders that stay local-only without their mark."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cloister.core.privacy import LayerKind, Level
from cloister.workspace.protection.record import LocalOnlyRecord
from support.policies import Machine, mark

NOW = datetime(2030, 1, 2, tzinfo=UTC)


def test_what_is_written_down_holds_for_the_next_process(tmp_path: Path) -> None:
    record = LocalOnlyRecord(tmp_path / "cloister" / "local-only")
    record.write_down("/a/b", NOW)
    record.write_down("/a/b", NOW)
    assert LocalOnlyRecord(tmp_path / "cloister" / "local-only").holds("/a/b")
    assert not record.holds("/a")
    (path,) = (tmp_path / "cloister" / "local-only").iterdir()
    assert json.loads(path.read_text()) == {"folder": "/a/b", "since": "2030-01-02"}
    record.forget("/a/b")
    assert not record.holds("/a/b")


def test_what_was_only_seen_holds_for_this_process(tmp_path: Path) -> None:
    record = LocalOnlyRecord(tmp_path / "record")
    record.see("/a/b")
    assert record.holds("/a/b")
    assert not LocalOnlyRecord(tmp_path / "record").holds("/a/b")
    assert not (tmp_path / "record").exists()


def test_nobody_else_can_look_into_it(tmp_path: Path) -> None:
    directory = tmp_path / "state" / "cloister" / "local-only"
    LocalOnlyRecord(directory).write_down("/a/b", NOW)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (directory, directory.parent)]
    assert modes == [0o700, 0o700]
    assert [stat.S_IMODE(path.stat().st_mode) for path in directory.iterdir()] == [0o600]


@pytest.mark.parametrize("damage", [b"", b"nonsense", b"[" * 10_000, b"\xff"])
def test_damage_forgets_nothing(damage: bytes, tmp_path: Path) -> None:
    LocalOnlyRecord(tmp_path).write_down("/a/b", NOW)
    (path,) = tmp_path.iterdir()
    path.write_bytes(damage)
    assert LocalOnlyRecord(tmp_path).holds("/a/b")


def test_a_record_that_cannot_be_looked_at_restricts_everything(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "local-only").symlink_to("local-only")
    verdict = Machine(tmp_path).policy().for_file(tmp_path / "a.py")
    assert verdict.level is Level.LOCAL_ONLY
    assert verdict.decided_by.kind is LayerKind.RECORD
    assert "cannot be read" in verdict.decided_by.rule


def test_a_record_that_cannot_be_written_is_said_once_and_holds_meanwhile(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("no folder")
    machine, path = Machine(tmp_path), mark(tmp_path / "repository")
    policy = machine.policy()
    for _ in range(3):
        assert policy.for_file(path).level is Level.LOCAL_ONLY
    assert len(machine.problems) == 1
    assert "cannot be put on record" in machine.problems[0]
    path.unlink()
    assert policy.for_file(path).level is Level.LOCAL_ONLY
