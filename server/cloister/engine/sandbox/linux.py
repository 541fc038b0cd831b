"""Linux system calls that the standard library does not offer."""

import ctypes
import errno
import os
import sys

_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38


def system_call(number: int, *arguments: object) -> int:
    """Return the result, never negative; raises OSError."""
    return _checked(_libc().syscall(ctypes.c_long(number), *arguments))


def give_up_new_privileges() -> None:
    """Make every later `execve` keep to today's rights, which filters demand; raises OSError."""
    _checked(_libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def forbid_dumps() -> None:
    """Keep this process's memory from core dumps and from debuggers of the same user."""
    _checked(_libc().prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0))


def _libc() -> ctypes.CDLL:
    # Elsewhere the numbers mean other calls.
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, "this is not Linux")
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
