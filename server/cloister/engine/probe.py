"""What this machine gives us: threads worth using, memory left and memory in use.

The host's core count is a lie in containers, so threads are the physical cores among the CPUs this
process may run on, capped by the cgroup's CPU quota. `root` stands for `/` in tests.
"""

import os
import resource
from collections.abc import Iterator
from math import ceil
from pathlib import Path

_SMALL_MODEL_BYTES = 50_000_000


def usable_threads(root: Path = Path("/")) -> int:
    """Return the number of threads for inference, at least 1."""
    quota = _quota_cpus(root)
    cores = _physical_cores(root, _allowed_cpus())
    return max(1, cores if quota is None else min(cores, ceil(quota)))


def worthwhile_threads(model_bytes: int, root: Path = Path("/")) -> int:
    """Return the number of threads that pays for a model of this size.

    A small model's layers are done before a second thread has woken up, and threads that wait for
    each other suffer most when the editor needs a core: at 7.6 MB two threads save 0.1 ms a token
    on an idle machine and cost three times as much on a busy one.
    """
    return 1 if model_bytes < _SMALL_MODEL_BYTES else usable_threads(root)


def resident_bytes() -> int:
    """Return the memory this process occupies now; its maximum so far where only that is known."""
    pages = _read(Path("/proc/self/statm")).split()
    if pages:
        return int(pages[1]) * resource.getpagesize()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def available_bytes(root: Path = Path("/")) -> int | None:
    """Return the memory that a model may use; None when the system does not say."""
    limits = [
        *(
            int(line.split()[1]) * 1024
            for line in _read(root / "proc/meminfo").splitlines()
            if line.startswith("MemAvailable:")
        ),
        *(
            int(limit)
            for name in ("memory.max", "memory/memory.limit_in_bytes")
            if (limit := _read(root / "sys/fs/cgroup" / name).strip()).isdigit()
        ),
    ]
    return min(limits, default=None)


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


def _quota_cpus(root: Path) -> float | None:
    quotas = [*_unified_quotas(root), *_legacy_quotas(root)]
    return min(quotas, default=None)


def _unified_quotas(root: Path) -> Iterator[float]:
    """Yield the limits of cgroup version 2, from our group up to the top."""
    for line in _read(root / "proc/self/cgroup").splitlines():
        hierarchy, _, path = line.partition("::")
        if hierarchy != "0":
            continue
        top = root / "sys/fs/cgroup"
        group = top / path.lstrip("/")
        for level in (group, *group.parents):
            limit = _read(level / "cpu.max").split()
            if len(limit) == 2 and limit[0] != "max":  # noqa: PLR2004  # quota and period
                yield int(limit[0]) / int(limit[1])
            if level == top:
                break


def _legacy_quotas(root: Path) -> Iterator[float]:
    """Yield the limit of cgroup version 1 as containers see it: their own group is the top."""
    group = root / "sys/fs/cgroup/cpu"
    quota, period = _read(group / "cpu.cfs_quota_us"), _read(group / "cpu.cfs_period_us")
    if quota.strip().isdigit() and period.strip().isdigit():
        yield int(quota) / int(period)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        return ""
