"""Scripts in processes of their own: a lock holds for good, so it must not hold the tests."""

import ctypes
import errno
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

from cloister.engine.sandbox import seccomp
from cloister.engine.sandbox.role import Role

LANDLOCK = 444
SECCOMP = {"x86_64": 317, "aarch64": 277}.get(platform.machine(), 0)

_ROOT = Path(__file__).resolve().parents[2]
ALLOWED = "allowed"


def run_script(code: str, *arguments: str) -> Any:
    """Return the JSON value that the script prints; its prelude is this module."""
    result = subprocess.run(
        [sys.executable, "-c", f"from support.locked_process import *\n{code}", *arguments],
        env=script_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


def script_environment() -> dict[str, str]:
    """Return an environment in which scripts find the package and this module."""
    return os.environ | {
        "PYTHONPATH": os.pathsep.join((str(_ROOT / "server"), str(_ROOT / "tests")))
    }


def refuse_system_calls(*numbers: int, error: int = errno.EACCES) -> None:
    """Make the kernel refuse these from now on, as that of a container may."""
    program = b"".join(
        (
            seccomp._step(seccomp._LOAD_WORD, seccomp._NUMBER),
            *(seccomp._when(number, _returned(0x00050000 | error)) for number in numbers),
            _returned(seccomp._SECCOMP_RET_ALLOW),
        )
    )
    with patch.object(seccomp, "filter_program", return_value=program), suppress(OSError):
        # It is taken, and then found to refuse no sockets.
        seccomp.install_filter(Role.FRONT_END)


def _returned(verdict: int) -> bytes:
    return seccomp._step(seccomp._RETURN, verdict)


def attempt(action: Callable[[], object]) -> str:
    """Return `allowed`, the name of the system's error, or that of Python's."""
    try:
        action()
    except OSError as error:
        return errno.errorcode.get(error.errno or 0, str(error))
    except ImportError as error:
        return type(error).__name__
    return ALLOWED


def system_call(number: int, *arguments: int | None) -> int:
    """Make a system call behind Python's back, with whole words as arguments."""
    libc = ctypes.CDLL(None, use_errno=True)
    words = [ctypes.c_ulong(argument or 0) for argument in arguments]
    result: int = libc.syscall(ctypes.c_ulong(number), *words)
    if result == -1:
        raise OSError(ctypes.get_errno(), "")
    return result
