"""`cloister audit` on a log that tests wrote: what is shown, found, exported and explained."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cloister.cli import main
from cloister.egress.audit.files import audit_folder
from cloister.egress.audit.log import AuditLog
from cloister.egress.audit.records import Event
from cloister.settings.user_folders import current_user_folders

LAYER = {"kind": "user", "level": "ask", "rule": "`[privacy] level` is ask", "path": ""}
FILES = [
    {"path": "/p/a.py", "real_path": "/real/p/a.py", "first_line": 4, "last_line": 9},
    {"path": "/p/b.py", "real_path": "/real/p/b.py", "first_line": 0, "last_line": 0},
]
INTENT = {
    "request_id": "r1",
    "origin": "https://gpu.example:443",
    "model": "some-model",
    "bytes_out": 123,
    "files": FILES,
    "policy": {"level": "ask", "decided_by": LAYER, "layers": [LAYER]},
}


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    folder = audit_folder(current_user_folders())
    log = AuditLog(folder, lambda: datetime(2026, 5, 1, 12, tzinfo=UTC))
    log.append(Event.INTENT, INTENT)
    log.append(Event.SENT, {"request_id": "r1", "origin": INTENT["origin"], "bytes_in": 45})
    log.append(Event.REFUSED, {"files": FILES[1:], "reason": "it is \x1b[31mlocal-only"})
    log.append(Event.POLICY, {"action": "leave local-only", "folder": "/p"})
    return folder


def output(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    assert main(["audit", *words]) == code
    return capsys.readouterr().out


def test_show_says_what_where_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    lines = output(capsys, "show").splitlines()
    assert len(lines) == 5
    for word in ("intent", "https://gpu.example:443", "some-model", "/p/a.py:5 and 1 more", "123"):
        assert word in lines[1]
    assert "ask: `[privacy] level` is ask" in lines[1]
    assert "45" in lines[2]
    assert "refused" in lines[3]
    assert "/p/b.py:1" in lines[3]
    # What a terminal would obey is shown instead.
    assert "\x1b" not in lines[3]
    assert "leave local-only" in lines[4]


def test_show_shows_the_latest(capsys: pytest.CaptureFixture[str]) -> None:
    latest = json.loads(output(capsys, "show", "-n", "2", "--json"))
    assert [record["seq"] for record in latest] == [3, 4]
    assert len(json.loads(output(capsys, "show", "-n", "-5", "--json"))) == 1


@pytest.mark.parametrize(
    ("path", "events"),
    [
        ("/p/a.py", ["intent"]),
        ("/p/b.py", ["intent", "refused"]),
        ("/real/p/b.py", ["intent", "refused"]),
        ("/p", ["intent", "refused"]),
        ("/p/c.py", []),
        ("/p/a.py/x", []),
    ],
)
def test_why_finds_a_file_by_both_of_its_names(
    path: str, events: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert [it["event"] for it in json.loads(output(capsys, "why", path, "--json"))] == events


def test_verify_says_whether_it_is_whole(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert output(capsys, "verify") == "The audit log is whole: 4 records.\n"
    log = folder / "audit.jsonl"
    log.write_bytes(log.read_bytes().replace(b"some-model", b"other-name"))
    text = output(capsys, "verify", code=1)
    assert f"{log}:1: " in text
    assert "is not whole: 4 records" in text
    found = json.loads(output(capsys, "verify", "--json", code=1))
    assert (found["whole"], found["n_records"], found["unfinished"]) == (False, 4, [])


def test_export_gives_every_line_as_it_was_written(
    capfdbinary: pytest.CaptureFixture[bytes], folder: Path
) -> None:
    assert main(["audit", "export"]) == 0
    assert capfdbinary.readouterr().out == (folder / "audit.jsonl").read_bytes()


@pytest.mark.parametrize(
    "details",
    [
        {"files": 1},
        {"files": [1]},
        {"files": [{"path": 1, "real_path": [], "first_line": {}}]},
        {"policy": []},
        {"policy": {"level": 1, "decided_by": None}},
        {"origin": {}, "model": [], "reason": 5},
    ],
)
def test_records_that_somebody_else_wrote_are_shown_as_well_as_can_be(
    details: dict[str, object], capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    AuditLog(folder).append(Event.REFUSED, details)
    assert len(output(capsys, "show").splitlines()) == 6
    output(capsys, "why", "/p")


def test_a_log_that_cannot_be_read_is_said(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "audit.jsonl").rename(folder / "old")
    os.mkfifo(folder / "audit.jsonl")
    for command in ("show", "verify", "export"):
        assert main(["audit", command]) == 1
        assert "not a regular file" in capsys.readouterr().err


def test_without_a_log_there_is_nothing_to_show(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "nobody"))
    assert output(capsys, "show") == "There are no such records.\n"
    assert output(capsys, "why", "/p") == "There are no such records.\n"
    assert output(capsys, "export") == ""
    assert output(capsys, "verify") == "The audit log is whole: 0 records.\n"
