"""Seatbelt, the sandbox of macOS: a profile as text, taken in process by `sandbox_init`.

Written from documentation and from profiles in use elsewhere; it has not run on a Mac yet. Profiles
do not nest: an engine that a front-end started keeps the front-end's profile, so what counts is the
trial at the end, not what `sandbox_init` answers.
"""

import ctypes
import errno
import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from cloister.engine.sandbox.role import Role


def confine(role: Role, directories: Sequence[Path]) -> None:
    """Take the profile, and see that the network is refused; raises OSError when it is not."""
    library = ctypes.CDLL("/usr/lib/libSystem.B.dylib")
    message = ctypes.c_char_p()
    result = library.sandbox_init(
        profile(role, directories).encode(), ctypes.c_uint64(0), ctypes.byref(message)
    )
    if not _is_refused(_listen if role is Role.EGRESS else _reach_somebody):
        reason = message.value.decode(errors="replace") if result and message.value else "no effect"
        raise OSError(errno.EPERM, reason)


def profile(role: Role, directories: Sequence[Path]) -> str:
    """Return the profile in Apple's language; `directories` hold our sockets and files.

    The last rule that matches counts.
    """
    ours = " ".join(f"(subpath {_quoted(directory)})" for directory in directories)
    rules = [*_BEGINNING, *(_EGRESS_RULES if role is Role.EGRESS else _OFFLINE_RULES)]
    if role is Role.FRONT_END:
        # An engine that starts under this profile makes its socket under it.
        rules += [
            f"(allow network-outbound (remote unix-socket {ours}))",
            f"(allow network-bind (local unix-socket {ours}))",
        ]
    else:
        rules += [
            "(deny process-exec*)",
            "(deny file-write*)",
            # Metal keeps what it compiles in the user's folder below /private/var/folders.
            f"(allow file-write* {ours})",
            '(allow file-write* (subpath "/dev") (subpath "/private/var/folders"))',
        ]
    return "\n".join(rules) + "\n"


_BEGINNING = ("(version 1)", "(allow default)")
_EGRESS_RULES = ("(deny network-inbound)", "(deny network-bind)")
# Names are resolved, and downloads made, by services that answer to messages rather than sockets.
_OFFLINE_RULES = (
    "(deny network*)",
    "(allow network-inbound (local unix-socket))",
    '(deny mach-lookup (global-name "com.apple.dnssd.service"))',
    '(deny mach-lookup (global-name-prefix "com.apple.nsurlsessiond"))',
)

# An address for documentation: nobody has it, and connecting a datagram socket sends nothing.
_NOBODY = ("192.0.2.1", 9)
_AF_INTERNET = 2


def _quoted(path: Path) -> str:
    # Rules are about real paths, and /tmp and /var are links on macOS.
    text = os.path.realpath(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _is_refused(attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _reach_somebody() -> None:
    with socket.socket(_AF_INTERNET, socket.SOCK_DGRAM) as trial:
        trial.connect(_NOBODY)


def _listen() -> None:
    with socket.socket(_AF_INTERNET, socket.SOCK_STREAM) as trial:
        trial.bind(("127.0.0.1", 0))
