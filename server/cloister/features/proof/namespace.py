"""A network of our own: no interface but the loopback, and every IPv4 address leads to it.

Linux only, without any privilege where users may make namespaces. Packets that anybody sends there
are counted by the kernel, whatever port or protocol they were meant for.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys
from pathlib import Path

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS = 0x8914
_SIOCSIFADDR = 0x8916
_SIOCSIFNETMASK = 0x891C
_IFF_UP_AND_RUNNING = 0x41
_ADDRESS_BITS = 32
_COUNTERS = Path("/proc/net/dev")


def enter_own_network() -> str:
    """Move this process, which must have one thread, into a network of its own.

    Returns "" or a few words on why that is impossible; nothing has changed then.
    """
    if sys.platform != "linux":
        return f"{sys.platform} has no namespaces"
    user, group = os.geteuid(), os.getegid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET):
        return f"the system allows no namespaces ({os.strerror(ctypes.get_errno()).lower()})"
    try:
        Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1", encoding="ascii")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1", encoding="ascii")
        _lead_everything_here()
    except OSError as error:
        return f"the system allows no use of namespaces ({str(error.strerror).lower()})"
    return ""


def sent_packets() -> int | None:
    """Return how many packets were sent over the loopback so far; None where nobody counts."""
    try:
        lines = _COUNTERS.read_text(encoding="ascii").splitlines()
        (counts,) = [line.split(":")[1] for line in lines if line.strip().startswith("lo:")]
        return int(counts.split()[9])
    except (OSError, ValueError, IndexError):
        return None


def _lead_everything_here() -> None:
    """Raise the loopback, and make all addresses from 1.0.0.0 on its own, in eight networks."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SIOCSIFFLAGS, struct.pack("16sH22x", b"lo", _IFF_UP_AND_RUNNING))
        for n_bits in range(1, 9):
            name = b"lo:%d" % n_bits
            mask = (1 << _ADDRESS_BITS) - (1 << (_ADDRESS_BITS - n_bits))
            # 128.0.0.1/1, 64.0.0.1/2 and so on: together everything but 0.0.0.0/8.
            address = ((256 >> n_bits) << 24) + 1
            fcntl.ioctl(control, _SIOCSIFADDR, _request(name, address))
            fcntl.ioctl(control, _SIOCSIFNETMASK, _request(name, mask))


def _request(name: bytes, address: int) -> bytes:
    """Return a `struct ifreq` with an IPv4 address."""
    return struct.pack("=16sHH", name, socket.AF_INET, 0) + struct.pack("!I16x", address)
