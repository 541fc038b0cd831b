"""Locks a process off the network, for good, before it reads any source text.

The kernel refuses (seccomp on Linux, Seatbelt on macOS), and a hook in the interpreter refuses what
Python code tries, there and everywhere else. The engine and the indexer also lose the files that
are not their own and all other programs. The egress process loses these too, and keeps its way to
others, but not theirs to it. What was achieved is tried, not assumed, and reported as it is.
"""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from cloister.core.errors import BackendUnavailableError
from cloister.engine.sandbox.audit import install_hook
from cloister.engine.sandbox.landlock import restrict_to
from cloister.engine.sandbox.limits import hide_memory, stand_back
from cloister.engine.sandbox.role import Role
from cloister.engine.sandbox.seatbelt import confine
from cloister.engine.sandbox.seccomp import install_filter

_HOOK = "audit hook"
# Drivers of GPUs keep the programs they compile below the home directory, where the engine cannot
# write.
_DRIVER_CACHES = ("CUDA_CACHE_PATH", "MESA_SHADER_CACHE_DIR")


class IsolationLevel(StrEnum):
    """Who sees to it that the process cannot reach a network; AUDIT holds Python code only."""

    KERNEL = "kernel"
    AUDIT = "audit"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Isolation:
    """The level that was achieved; `reason` says by what, and why it is not higher."""

    level: IsolationLevel
    reason: str = ""


def lock_front_end(runtime_directory: Path) -> Isolation:
    """Leave this process no way out but unix sockets; on macOS only those in the directory."""
    hide_memory()
    return _lock(Role.FRONT_END, (runtime_directory,))


def lock_engine(directories: Sequence[Path]) -> Isolation:
    """Leave this process what it has, and writing below `directories`, which it makes.

    The first one also takes what drivers of GPUs cache. Call it before there are other threads.
    """
    stand_back()
    hide_memory()
    for directory in directories:
        # A full disk or a home that cannot be written to costs what would be kept there.
        with suppress(OSError):
            directory.mkdir(parents=True, exist_ok=True)
    for variable in _DRIVER_CACHES:
        os.environ.setdefault(variable, str(directories[0] / "gpu"))
    return _lock(Role.ENGINE, directories)


def lock_indexer(directory: Path) -> Isolation:
    """Leave this process what it has, writing below `directory`, and copies of itself."""
    stand_back()
    hide_memory()
    return _lock(Role.INDEXER, (directory,))


def lock_egress(directories: Sequence[Path]) -> Isolation:
    """Leave this process connections, and writing below `directories`, which it makes."""
    stand_back()
    hide_memory()
    for directory in directories:
        with suppress(OSError):
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return _lock(Role.EGRESS, directories)


def require_kernel(level: str, reason: str) -> None:
    """Raise BackendUnavailableError unless the kernel holds the process that reports this."""
    if level != IsolationLevel.KERNEL:
        raise BackendUnavailableError(
            "The kernel does not keep cloister off the network here "
            f"({reason.rstrip('.')}); turn off `requireIsolation` to go on all the same."
        )


def _lock(role: Role, directories: Sequence[Path]) -> Isolation:
    held, problems = [], []
    for name, take in _locks(role, directories).items():
        try:
            take()
        except OSError as error:
            problems.append(f"{name} is not to be had: {str(error.strerror).lower()}.")
        else:
            held.append(name)
    holders = ", ".join(held) or "nothing"
    return Isolation(_level(held), " ".join((f"Held by {holders}.", *problems)))


def _locks(role: Role, directories: Sequence[Path]) -> dict[str, Callable[[], None]]:
    """Return what locks this process, by name; the hook comes last, because it refuses trials."""
    locks: dict[str, Callable[[], None]] = {}
    if sys.platform == "darwin":
        locks["Seatbelt"] = lambda: confine(role, directories)
    else:
        if role is not Role.FRONT_END:
            locks["Landlock"] = lambda: restrict_to(directories, role)
        locks["seccomp"] = lambda: install_filter(role)
    return locks | {_HOOK: lambda: install_hook(role)}


def _level(held: Sequence[str]) -> IsolationLevel:
    if {"seccomp", "Seatbelt"} & set(held):
        return IsolationLevel.KERNEL
    return IsolationLevel.AUDIT if _HOOK in held else IsolationLevel.NONE
