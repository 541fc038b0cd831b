"""What this machine gives us: threads worth using, memory left and memory in use.

The host's core count and its free memory are lies in containers: threads are the physical cores
among the CPUs this process may run on, capped by the CPU quota of every control group above us,
and the memory left is the least that any of these groups has left. `root` stands for `/` in tests.
"""

import os
import resource
from collections.abc import Iterator
from math import ceil
from pathlib import Path

SMALL_MODEL_BYTES = 50_000_000
"""Smaller weights are used up before other cores or devices have begun to help."""


def usable_threads(root: Path = Path("/")) -> int:
    """Return the number of threads for inference, at least 1."""
    quota = min(_quotas_cpus(root), default=None)
    cores = _physical_cores(root, _allowed_cpus())
    return max(1, cores if quota is None else min(cores, ceil(quota)))


def worthwhile_threads(model_bytes: int, root: Path = Path("/")) -> int:
    """Return the number of threads that pays for a model of this size.

    A small model's layers are done before a second thread has woken up, and threads that wait for
    each other suffer most when the editor needs a core: at 7.6 MB two threads save 0.1 ms a token
    on an idle machine and cost three times as much on a busy one.
    """
    return 1 if model_bytes < SMALL_MODEL_BYTES else usable_threads(root)


def resident_bytes() -> int:
    """Return the memory this process occupies now; its maximum so far where only that is known."""
    pages = _read(Path("/proc/self/statm")).split()
    if pages:
        return int(pages[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def available_bytes(root: Path = Path("/")) -> int | None:
    """Return the memory that could still be taken without swapping or being killed.

    None when the system does not say. Memory that only caches files counts as free, in a control
    group as well as on the whole machine: a model's own file is the first to fill it.
    """
    free = _kilobytes(_read(root / "proc/meminfo"), "MemAvailable:")
    return min([*free, *_groups_left_bytes(root)], default=None)


def processor_name(root: Path = Path("/")) -> str:
    """Return what the processor calls itself; empty where the system does not say."""
    for line in _read(root / "proc/cpuinfo").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return ""


def _allowed_cpus() -> set[int]:
    if hasattr(os, "sched_getaffinity"):
        return os.sched_getaffinity(0)
    return set(range(os.cpu_count() or 1))


def _physical_cores(root: Path, cpus: set[int]) -> int:
    """Count cores rather than hyper-threads; an unknown topology counts every CPU."""
    return len({_core_of(root, cpu) for cpu in cpus})


def _core_of(root: Path, cpu: int) -> str:
    topology = root / f"sys/devices/system/cpu/cpu{cpu}/topology"
    # The siblings' list is the same text for all threads of one core.
    return _read(topology / "thread_siblings_list") or str(cpu)


def _quotas_cpus(root: Path) -> Iterator[float]:
    """Yield how many CPUs each control group above us may keep busy."""
    for group in _groups(root, "cpu"):
        limits = _read(group / "cpu.max").split() or [
            _read(group / f"cpu.cfs_{name}_us").strip() for name in ("quota", "period")
        ]
        # Without a limit version 2 says "max" and version 1 says -1.
        if len(limits) == 2 and limits[0].isdigit() and limits[1].isdigit():  # noqa: PLR2004  # two
            yield int(limits[0]) / max(1, int(limits[1]))


def _groups_left_bytes(root: Path) -> Iterator[int]:
    """Yield how much memory each control group above us has left."""
    for group in _groups(root, "memory"):
        # Above `memory.high` the kernel slows a group down so much that nothing works any more.
        for name in ("memory.max", "memory.high", "memory.limit_in_bytes"):
            limit = _read(group / name).strip()
            if limit.isdigit():
                yield max(0, int(limit) - _group_used_bytes(group))


def _group_used_bytes(group: Path) -> int:
    used = _read(group / "memory.current") or _read(group / "memory.usage_in_bytes")
    statistics = dict(
        line.partition(" ")[::2] for line in _read(group / "memory.stat").splitlines()
    )
    cached = sum(
        # Version 1 counts the groups below only in the names that begin with "total_".
        int(statistics.get(f"total_{name}") or statistics.get(name) or 0)
        for name in ("inactive_file", "active_file")
    )
    return max(0, int(used or 0) - cached)


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """Yield the folders of our control group and of those above it, in both versions.

    In a container the folders of the groups outside are missing, and its own group is the top.
    """
    tops = {"": root / "sys/fs/cgroup", controller: root / "sys/fs/cgroup" / controller}
    paths = dict.fromkeys(tops, "/")
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        paths |= {name: path for name in controllers.split(",") if name in tops}
    for name, top in tops.items():
        group = top / paths[name].lstrip("/")
        for level in (group, *group.parents):
            yield level
            if level == top:
                break


def _kilobytes(text: str, name: str) -> list[int]:
    return [int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith(name)]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
