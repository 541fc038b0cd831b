"""The audit log as files: a chain that any change breaks, whoever writes and whatever happens."""

import json
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cloister.core.errors import ProtocolError
from cloister.egress.audit.log import AuditLog
from cloister.egress.audit.records import Event, Head, line_of, parse_head, parse_line
from cloister.egress.audit.verify import Verification, read_records, verify
from support.locked_process import run_script

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def written(folder: Path, n_records: int = 3, most_log_bytes: int = 10_000) -> Path:
    moments = iter(NOON + timedelta(seconds=number) for number in range(n_records))
    log = AuditLog(folder, lambda: next(moments), most_log_bytes)
    for number in range(n_records):
        log.append(Event.REFUSED, {"request_id": str(number), "files": [], "reason": "é\n"})
    return folder


def whole(n_records: int) -> Verification:
    return Verification(n_records, (), ())


def test_records_are_read_as_they_were_written(tmp_path: Path) -> None:
    folder = written(tmp_path / "audit")
    assert verify(folder) == whole(3)
    records = list(read_records(folder))
    assert [record.seq for record in records] == [1, 2, 3]
    assert [record.details["reason"] for record in records] == ["é\n"] * 3
    assert records[1].previous == records[0].sha256
    assert records[2].time == NOON + timedelta(seconds=2)


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    folder = written(tmp_path / "audit")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())}
    assert modes == {"audit": 0o700, "audit.jsonl": 0o600, "head.json": 0o600, "lock": 0o600}


def test_a_folder_that_is_not_there_is_whole_and_is_not_made(tmp_path: Path) -> None:
    assert verify(tmp_path / "audit") == whole(0)
    assert not (tmp_path / "audit").exists()


def test_a_full_log_is_kept_and_the_chain_goes_on(tmp_path: Path) -> None:
    folder = written(tmp_path / "audit", n_records=20, most_log_bytes=1000)
    assert len(list(folder.glob("audit-*.jsonl"))) > 3
    assert verify(folder) == whole(20)
    assert [record.seq for record in read_records(folder)] == list(range(1, 21))
    next(iter(sorted(folder.glob("audit-*.jsonl")))).unlink()
    assert "are missing" in verify(folder).problems[0]


def test_a_long_last_line_is_found(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    for _ in range(3):
        log.append(Event.INTENT, {"request_id": "a", "files": ["x" * 200_000]})
        log.append(Event.SENT, {"request_id": "a"})
    assert verify(tmp_path) == whole(6)


def test_a_log_that_was_just_archived_goes_on(tmp_path: Path) -> None:
    folder = written(tmp_path / "audit", n_records=1, most_log_bytes=10)
    assert [path.name for path in folder.glob("*.jsonl")] == ["audit-000000000001.jsonl"]
    AuditLog(folder).append(Event.POLICY, {})
    assert verify(folder) == whole(2)


@pytest.mark.parametrize(
    ("line_number", "seen_at"), [(0, 1), (1, 2), (2, 3)], ids=["first", "middle", "last"]
)
def test_s03_any_changed_byte_is_named(line_number: int, seen_at: int, tmp_path: Path) -> None:
    folder = written(tmp_path / "audit")
    log = folder / "audit.jsonl"
    original = log.read_bytes()
    lines = original.splitlines(keepends=True)
    start = sum(map(len, lines[:line_number]))
    for offset in range(start, start + len(lines[line_number])):
        changed = bytearray(original)
        changed[offset] ^= 1
        log.write_bytes(changed)
        problems = verify(folder).problems
        assert any(f"audit.jsonl:{seen_at}:" in problem for problem in problems), offset


def test_s03_a_line_that_is_gone_is_named(tmp_path: Path) -> None:
    folder = written(tmp_path / "audit", n_records=4)
    log = folder / "audit.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    for number in range(4):
        log.write_bytes(b"".join(lines[:number] + lines[number + 1 :]))
        (problem,) = verify(folder).problems
        place = "head.json" if number == 3 else f"audit.jsonl:{number + 1}:"
        assert place in problem


def test_s03_lines_in_another_order_and_lines_from_elsewhere_are_named(tmp_path: Path) -> None:
    folder = written(tmp_path / "audit")
    log = folder / "audit.jsonl"
    lines = log.read_bytes().splitlines(keepends=True)
    log.write_bytes(lines[1] + lines[0] + lines[2])
    assert "audit.jsonl:1:" in verify(folder).problems[0]
    forged, _ = line_of(Head(3, "0" * 64), NOON, Event.SENT, {})
    log.write_bytes(b"".join(lines) + forged)
    assert "audit.jsonl:3:" in verify(folder).problems[0]


@pytest.mark.parametrize("contents", [None, b"", b"{}", b"[]", b'{"seq": "x"}'])
def test_a_missing_head_is_said(contents: bytes | None, tmp_path: Path) -> None:
    folder = written(tmp_path / "audit")
    (folder / "head.json").unlink()
    if contents is not None:
        (folder / "head.json").write_bytes(contents)
    assert "the end is unproven" in verify(folder).problems[0]


def test_a_line_that_a_crash_cut_off_is_taken_out(tmp_path: Path) -> None:
    folder = written(tmp_path / "audit")
    with (folder / "audit.jsonl").open("ab") as log:
        log.write(b'{"v": 1, "seq": 4, "prev"')
    assert "audit.jsonl:4: It is not a record." in verify(folder).problems[0]
    AuditLog(folder).append(Event.POLICY, {})
    assert verify(folder) == whole(4)


def test_writing_goes_on_after_somebody_changed_the_end(tmp_path: Path) -> None:
    folder = written(tmp_path / "audit")
    with (folder / "audit.jsonl").open("ab") as log:
        log.write(b"nonsense\n")
    AuditLog(folder).append(Event.POLICY, {})
    assert [problem.partition(": ")[2] for problem in verify(folder).problems] == [
        "It is not a record."
    ]


def test_a_request_without_an_end_is_named(tmp_path: Path) -> None:
    log = AuditLog(tmp_path)
    for event, request in [
        (Event.INTENT, "sent"),
        (Event.SENT, "sent"),
        (Event.INTENT, "refused"),
        (Event.REFUSED, "refused"),
        (Event.INTENT, "open"),
    ]:
        log.append(event, {"request_id": request})
    assert verify(tmp_path) == Verification(5, (), ("open",))


def test_a_record_that_is_too_long_is_not_written(tmp_path: Path) -> None:
    folder = written(tmp_path / "audit")
    with pytest.raises(OSError, match="too long"):
        AuditLog(folder).append(Event.INTENT, {"files": ["x" * 2**20]})
    assert verify(folder) == whole(3)


def special_files(folder: Path) -> Iterator[Path]:
    (folder / "null").symlink_to("/dev/null")
    (folder / "endless").symlink_to("/dev/zero")
    (folder / "nowhere").symlink_to(folder / "missing")
    (folder / "folder").mkdir()
    os.mkfifo(folder / "fifo")
    yield from (folder / name for name in ("null", "endless", "nowhere", "folder", "fifo"))


def test_only_a_file_of_its_own_is_written_to_and_read(tmp_path: Path) -> None:
    for path in special_files(tmp_path):
        folder = tmp_path / f"audit of {path.name}"
        folder.mkdir()
        path.rename(folder / "audit.jsonl")
        with pytest.raises(OSError):  # noqa: PT011  # which one depends on the file
            AuditLog(folder).append(Event.POLICY, {})
    assert not (tmp_path / "missing").exists()


FILL_UP = """
import resource
from cloister.egress.audit.log import AuditLog
from cloister.egress.audit.records import Event
folder = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
print(json.dumps(attempt(lambda: AuditLog(folder).append(Event.INTENT, {"request_id": "x" * 99}))))
"""


def test_s02_a_record_that_only_half_fits_on_the_disk_is_no_record(tmp_path: Path) -> None:
    folder = written(tmp_path / "audit")
    size_bytes = (folder / "audit.jsonl").stat().st_size
    assert run_script(FILL_UP, str(folder), str(size_bytes + 60)) == "ENOSPC"
    assert (folder / "audit.jsonl").stat().st_size == size_bytes
    assert verify(folder) == whole(3)


WRITE_MANY = """
import subprocess
from cloister.egress.audit.log import AuditLog
from cloister.egress.audit.records import Event
if len(sys.argv) == 3:
    log = AuditLog(Path(sys.argv[1]), most_log_bytes=2000)
    for number in range(25):
        log.append(Event.REFUSED, {"by": sys.argv[2], "number": number})
else:
    code = open("/proc/self/cmdline", "rb").read().split(b"\\0")[2].decode()
    others = [subprocess.Popen([sys.executable, "-c", code, sys.argv[1], name]) for name in "abcd"]
    assert not any(other.wait() for other in others)
    print("null")
"""


def test_s03_two_servers_at_once_write_one_chain(tmp_path: Path) -> None:
    run_script(WRITE_MANY, str(tmp_path / "audit"))
    assert verify(tmp_path / "audit") == whole(100)
    records = list(read_records(tmp_path / "audit"))
    for writer in "abcd":
        numbers = [it.details["number"] for it in records if it.details["by"] == writer]
        assert numbers == list(range(25))


@given(st.binary() | st.text().map(str.encode))
def test_noise_is_no_record(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        parse_line(line)
    with pytest.raises(ProtocolError):
        parse_head(line)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(st.sampled_from(["v", "seq", "prev", "ts", "event", "files"]), json_values)
def test_a_changed_record_is_a_record_or_none(key: str, value: object) -> None:
    line, _ = line_of(Head(), NOON, Event.INTENT, {"files": []})
    try:
        parse_line(json.dumps(json.loads(line) | {key: value}).encode())
    except ProtocolError:
        return
