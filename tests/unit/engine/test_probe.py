import os
from collections.abc import Callable
from pathlib import Path

import pytest

from cloister.engine.probe import (
    available_bytes,
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


@pytest.mark.parametrize(("quota", "expected"), [("-1", 4), ("250000", 3)])
def test_the_quota_of_older_systems_counts(
    tmp_path: Path, write: Write, quota: str, expected: int
) -> None:
    write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", f"{quota}\n")
    write("sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n")
    assert usable_threads(tmp_path) == expected


def test_memory_is_what_is_available_or_the_limit_of_the_group(
    tmp_path: Path, write: Write
) -> None:
    assert available_bytes(tmp_path) is None
    write("proc/meminfo", "MemTotal: 9000 kB\nMemAvailable:    2000 kB\n")
    assert available_bytes(tmp_path) == 2_048_000
    write("sys/fs/cgroup/memory.max", "max\n")
    assert available_bytes(tmp_path) == 2_048_000
    write("sys/fs/cgroup/memory.max", "1000000\n")
    assert available_bytes(tmp_path) == 1_000_000


def test_this_process_occupies_memory() -> None:
    assert resident_bytes() > 1_000_000
