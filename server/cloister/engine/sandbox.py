"""Makes the kernel refuse network access to this process, its threads and its children, for good.

Two filters: STRICT is for the engine once it listens (no new sockets at all; accepting stays),
UNIX_ONLY is for the front-end, which must be able to reach the engine again after a restart. Both
also refuse the ways around: io_uring, ptrace, reading other processes' memory and stealing their
descriptors. Sockets that are already open stay usable. What was achieved is returned, never
assumed: on a system without seccomp the level is `none` with the reason.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Filter(StrEnum):
    """Which sockets a process may still create."""

    STRICT = "strict"
    UNIX_ONLY = "unix-only"


class IsolationLevel(StrEnum):
    """Who enforces that the process cannot reach a network."""

    SECCOMP = "seccomp"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Isolation:
    """The level that was achieved; `reason` says in one sentence why it is not higher."""

    level: IsolationLevel
    reason: str = ""


def lock_network(network_filter: Filter) -> Isolation:
    """Install the filter on all threads of this process, irrevocably, and report the outcome."""
    architecture = _ARCHITECTURES.get(platform.machine())
    if sys.platform != "linux" or architecture is None:
        return Isolation(
            IsolationLevel.NONE, f"{sys.platform} on {platform.machine()} has no filter."
        )
    program = _program(architecture, network_filter)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return _refused("no_new_privs", ctypes.get_errno())
    instructions = ctypes.create_string_buffer(program, len(program))
    header = _SockFprog(len(program) // _INSTRUCTION.size, ctypes.addressof(instructions))
    result = libc.syscall(
        ctypes.c_long(architecture.seccomp),
        ctypes.c_uint(_SECCOMP_SET_MODE_FILTER),
        ctypes.c_uint(_SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(header),
    )
    # With TSYNC a positive result is the id of a thread that could not follow.
    if result != 0:
        return _refused("seccomp", ctypes.get_errno() if result < 0 else errno.ESRCH)
    return Isolation(IsolationLevel.SECCOMP)


def hide_memory() -> None:
    """Keep source text out of core dumps and debuggers, and let the kernel kill us first.

    When memory runs out the engine must die rather than the editor.
    """
    # A container may not let us touch the score; then the kernel's own choice stands.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Architecture:
    """Numbers of the kernel interface: the audit identity and the system calls we name."""

    audit: int
    seccomp: int
    socket: int
    connect: int
    bind: int
    always_denied: tuple[int, ...]
    has_x32: bool


# always_denied: ptrace, process_vm_readv, process_vm_writev, io_uring_setup, pidfd_getfd.
_ARCHITECTURES = {
    "x86_64": _Architecture(0xC000003E, 317, 41, 42, 49, (101, 310, 311, 425, 438), has_x32=True),
    "aarch64": _Architecture(
        0xC00000B7, 277, 198, 203, 200, (117, 270, 271, 425, 438), has_x32=False
    ),
}

_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1
_SECCOMP_RET_KILL_PROCESS = 0x80000000
_SECCOMP_RET_ERRNO = 0x00050000
_SECCOMP_RET_ALLOW = 0x7FFF0000
_X32_SYSCALL_BIT = 0x40000000
_AF_UNIX = 1

# struct sock_filter: code, jump if true, jump if false, operand.
_INSTRUCTION = struct.Struct("HBBI")
_LOAD_WORD = 0x20
_JUMP_IF_EQUAL = 0x15
_JUMP_IF_AT_LEAST = 0x35
_RETURN = 0x06
# Offsets in struct seccomp_data. The kernel reads the socket family as a 32-bit int, so the low
# word of the first argument (both architectures are little-endian) is all that counts.
_OFFSET_NUMBER, _OFFSET_ARCHITECTURE, _OFFSET_FIRST_ARGUMENT = 0, 4, 16


class _SockFprog(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def _program(architecture: _Architecture, network_filter: Filter) -> bytes:
    """Return the filter's instructions; every jump skips exactly the `_return` after it."""
    steps = [
        _step(_LOAD_WORD, _OFFSET_ARCHITECTURE),
        *_unless_equal(architecture.audit, _SECCOMP_RET_KILL_PROCESS),
        _step(_LOAD_WORD, _OFFSET_NUMBER),
    ]
    if architecture.has_x32:
        steps += [
            _step(_JUMP_IF_AT_LEAST, _X32_SYSCALL_BIT, on_false=1),
            _step(_RETURN, _SECCOMP_RET_KILL_PROCESS),
        ]
    denied = architecture.always_denied
    if network_filter is Filter.STRICT:
        denied += (architecture.socket, architecture.connect, architecture.bind)
    for number in denied:
        steps += _if_equal(number, _SECCOMP_RET_ERRNO | errno.EACCES)
    if network_filter is Filter.UNIX_ONLY:
        steps += [
            *_unless_equal(architecture.socket, _SECCOMP_RET_ALLOW),
            _step(_LOAD_WORD, _OFFSET_FIRST_ARGUMENT),
            *_unless_equal(_AF_UNIX, _SECCOMP_RET_ERRNO | errno.EACCES),
        ]
    return b"".join([*steps, _step(_RETURN, _SECCOMP_RET_ALLOW)])


def _step(code: int, operand: int, *, on_true: int = 0, on_false: int = 0) -> bytes:
    return _INSTRUCTION.pack(code, on_true, on_false, operand)


def _if_equal(value: int, verdict: int) -> list[bytes]:
    return [_step(_JUMP_IF_EQUAL, value, on_false=1), _step(_RETURN, verdict)]


def _unless_equal(value: int, verdict: int) -> list[bytes]:
    return [_step(_JUMP_IF_EQUAL, value, on_true=1), _step(_RETURN, verdict)]


def _refused(what: str, number: int) -> Isolation:
    return Isolation(
        IsolationLevel.NONE, f"The kernel refused {what} ({os.strerror(number).lower()})."
    )
