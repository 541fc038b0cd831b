"""Who is at the other end of a unix socket: both sides speak only to the same user.

The socket's directory already keeps others out; this also holds where somebody has opened it.
"""

import os
import socket
import struct
from asyncio import StreamWriter
from dataclasses import dataclass
from pathlib import Path

from cloister.core.errors import BackendUnavailableError

# Linux: struct ucred, with the pid, the user and the group.
_LINUX = struct.Struct("iII")
# macOS and the BSDs: struct xucred begins with a version and the user.
_SOL_LOCAL, _LOCAL_PEERCRED, _LOCAL_PEERPID = 0, 1, 2
_XUCRED_BYTES = 128
_XUCRED_BEGIN = struct.Struct("II")
_PID = struct.Struct("i")


@dataclass(frozen=True, slots=True)
class Peer:
    """The process that connected to the socket, or listens on it, and its user."""

    pid: int
    user: int


def peer_of(writer: StreamWriter) -> Peer | None:
    """Return who is at the other end; None when the system does not say."""
    connection = writer.get_extra_info("socket")
    try:
        if hasattr(socket, "SO_PEERCRED"):
            packed = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _LINUX.size)
            pid, user, _group = _LINUX.unpack(packed)
            return Peer(pid, user)
        packed = connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED_BYTES)
        _version, user = _XUCRED_BEGIN.unpack_from(packed)
        (pid,) = _PID.unpack(connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERPID, _PID.size))
        return Peer(pid, user)
    except OSError:
        return None


def is_same_user(writer: StreamWriter) -> bool:
    """Return whether the other process runs as our user; false when the system does not say."""
    peer = peer_of(writer)
    return peer is not None and peer.user == os.getuid()


def require_same_user(writer: StreamWriter, path: Path) -> None:
    """Raise BackendUnavailableError when somebody else's process listens at `path`."""
    if not is_same_user(writer):
        raise BackendUnavailableError(
            f"Another user's program listens at {path}; remove it or set XDG_RUNTIME_DIR "
            "to a directory of your own."
        )
