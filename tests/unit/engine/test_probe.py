import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cloister.engine.probe import (
    available_bytes,
    processor_name,
    resident_bytes,
    usable_threads,
    worthwhile_threads,
)

Write = Callable[[str, str], None]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that fills a machine with eight CPUs on four cores."""

    def write_file(name: str, text: str) -> None:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    for cpu in range(8):
        siblings = f"{cpu % 4},{cpu % 4 + 4}\n"
        write_file(f"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list", siblings)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: set(range(8)))
    return write_file


def test_hyper_threads_do_not_count(tmp_path: Path, write: Write) -> None:
    write("proc/self/cgroup", "")
    assert usable_threads(tmp_path) == 4


@pytest.mark.usefixtures("write")
def test_forbidden_cpus_do_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 4, 5})
    assert usable_threads(tmp_path) == 2


def test_an_unknown_topology_counts_cpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _pid: {0, 1, 2})
    assert usable_threads(tmp_path) == 3


@pytest.mark.parametrize(
    ("group", "limits", "expected"),
    [
        ("/", {"": "max 100000"}, 4),
        ("/", {"": "150000 100000"}, 2),
        ("/a/b", {"a/": "200000 100000", "a/b/": "max 100000"}, 2),
        ("/a/b", {"a/": "300000 100000", "a/b/": "100000 100000"}, 1),
        ("/", {"": "1000 100000"}, 1),
        ("/", {"": "damaged"}, 4),
    ],
)
def test_the_quota_of_every_group_above_counts(
    tmp_path: Path, write: Write, group: str, limits: dict[str, str], expected: int
) -> None:
    write("proc/self/cgroup", f"5:memory:/x\n0::{group}\n")
    for folder, text in limits.items():
        write(f"sys/fs/cgroup/{folder}cpu.max", text)
    assert usable_threads(tmp_path) == expected


@pytest.mark.usefixtures("write")
def test_a_small_model_gets_one_thread_and_a_large_one_all(tmp_path: Path) -> None:
    assert worthwhile_threads(8_000_000, tmp_path) == 1
    assert worthwhile_threads(500_000_000, tmp_path) == usable_threads(tmp_path) > 1


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"": "-1"}, 4),
        ({"": "250000"}, 3),
        ({"": "-1", "docker/": "200000", "docker/me/": "-1"}, 2),
        ({"docker/me/": "100000"}, 1),
        ({"docker/other/": "100000"}, 4),
    ],
)
def test_the_quota_of_older_systems_counts(
    tmp_path: Path, write: Write, limits: dict[str, str], expected: int
) -> None:
    write("proc/self/cgroup", "4:memory:/\n3:cpu,cpuacct:/docker/me\n0::/unused\n")
    for folder, quota in limits.items():
        write(f"sys/fs/cgroup/cpu/{folder}cpu.cfs_quota_us", f"{quota}\n")
        write(f"sys/fs/cgroup/cpu/{folder}cpu.cfs_period_us", "100000\n")
    assert usable_threads(tmp_path) == expected


def test_memory_is_unknown_where_the_system_does_not_say(tmp_path: Path) -> None:
    assert available_bytes(tmp_path) is None


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 2_048_000),
        ({"memory.max": "max", "memory.current": "900"}, 2_048_000),
        ({"memory.max": "1000000"}, 1_000_000),
        ({"memory.max": "1000000", "memory.current": "900000"}, 100_000),
        ({"memory.max": "1000000", "memory.high": "950000", "memory.current": "900000"}, 50_000),
        ({"memory.max": "1000", "memory.current": "1001"}, 0),
        ({"a/memory.max": "5000", "a/memory.current": "1000", "a/b/memory.max": "max"}, 4000),
        ({"a/memory.max": "5000", "a/b/memory.max": "900", "a/b/memory.current": "800"}, 100),
        ({"other/memory.max": "5"}, 2_048_000),
        ({"memory/a1/memory.limit_in_bytes": "9223372036854771712"}, 2_048_000),
        (
            {
                "memory/a1/memory.limit_in_bytes": "3000",
                "memory/a1/memory.usage_in_bytes": "1000",
                "memory/a1/memory.stat": "inactive_file 1\ntotal_inactive_file 400\n",
            },
            2400,
        ),
        ({"memory/memory.limit_in_bytes": "7000"}, 7000),
        ({"memory.max": "damaged"}, 2_048_000),
    ],
)
def test_memory_is_what_the_machine_and_every_group_above_have_left(
    tmp_path: Path, write: Write, files: dict[str, str], expected: int
) -> None:
    write("proc/meminfo", "MemTotal: 9000 kB\nMemAvailable:    2000 kB\n")
    write("proc/self/cgroup", "7:memory:/a1\n0::/a/b\n")
    for name, text in files.items():
        write(f"sys/fs/cgroup/{name}", f"{text}\n")
    assert available_bytes(tmp_path) == expected


def test_cached_files_leave_room(tmp_path: Path, write: Write) -> None:
    write("sys/fs/cgroup/memory.max", "1000\n")
    write("sys/fs/cgroup/memory.current", "990\n")
    statistics = {"anon": 90, "active_file": 300, "inactive_file": 600, "slab": 0}
    write(
        "sys/fs/cgroup/memory.stat",
        "".join(f"{name} {value}\n" for name, value in statistics.items()),
    )
    assert available_bytes(tmp_path) == 910


def test_the_processor_has_a_name(tmp_path: Path, write: Write) -> None:
    assert processor_name(tmp_path) == ""
    write("proc/cpuinfo", "processor\t: 0\nmodel name\t: Zen 5\n\nmodel name\t: other\n")
    assert processor_name(tmp_path) == "Zen 5"


def test_this_process_occupies_memory() -> None:
    assert resident_bytes() > 1_000_000
