"""A filter in the Linux kernel that refuses network access to all threads and children, for good.

The front-end keeps unix sockets, so that it can reach a new engine. The engine keeps what accepting
and an event loop need: it makes no socket, takes none that a client hands over (`recvmsg`), and
starts no program; the indexer is held in the same way. The egress process connects to anywhere, but
waits for nobody and starts no program. A builder is held as the engine is and starts programs; a
program may be replaced by another and has no children. All lose the ways around: io_uring, which
opens sockets without `socket`, other processes' memory and descriptors, and the system calls of
foreign ABIs. New namespaces need no rule, because a socket is refused in each of them. What was
open before stays usable.
"""

import ctypes
import errno
import platform
import socket
import struct
from dataclasses import dataclass

from cloister.engine.sandbox.linux import give_up_new_privileges, system_call
from cloister.engine.sandbox.role import Role


def install_filter(role: Role) -> None:
    """Install the filter on all threads of this process, and see that it refuses.

    Raises OSError when the kernel does not take it or does not heed it.
    """
    architecture = _ARCHITECTURES.get(platform.machine())
    if architecture is None:
        raise OSError(errno.ENOSYS, f"no filter for {platform.machine()}")
    program = filter_program(architecture, role)
    instructions = ctypes.create_string_buffer(program, len(program))
    header = _SockFprog(len(program) // _INSTRUCTION.size, ctypes.addressof(instructions))
    give_up_new_privileges()
    # With TSYNC a positive result is the id of a thread that could not follow.
    if system_call(
        architecture.seccomp,
        ctypes.c_uint(_SECCOMP_SET_MODE_FILTER),
        ctypes.c_uint(_SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(header),
    ):
        raise OSError(errno.EBUSY, "a thread could not follow")
    if not _refuses(architecture):
        raise OSError(errno.EPROTO, "the filter has no effect")


@dataclass(frozen=True, slots=True)
class Architecture:
    """`audit` is the kernel's name for it, all else are the numbers of system calls.

    `ways_around`: ptrace, process_vm_readv, process_vm_writev, io_uring_setup, io_uring_enter,
    io_uring_register, pidfd_getfd. `engine_denied`: socket, connect, bind, recvmsg, recvmmsg.
    `egress_denied`: listen, accept, accept4. `executing`: execve, execveat. `forking`: fork, vfork.
    """

    audit: int
    has_x32: bool
    seccomp: int
    socket: int
    socketpair: int
    ways_around: tuple[int, ...]
    engine_denied: tuple[int, ...]
    egress_denied: tuple[int, ...]
    executing: tuple[int, ...]
    forking: tuple[int, ...]
    clone: int
    clone3: int


_ARCHITECTURES = {
    "x86_64": Architecture(
        audit=0xC000003E,
        has_x32=True,
        seccomp=317,
        socket=41,
        socketpair=53,
        ways_around=(101, 310, 311, 425, 426, 427, 438),
        engine_denied=(41, 42, 49, 47, 299),
        egress_denied=(50, 43, 288),
        executing=(59, 322),
        forking=(57, 58),
        clone=56,
        clone3=435,
    ),
    "aarch64": Architecture(
        audit=0xC00000B7,
        has_x32=False,
        seccomp=277,
        socket=198,
        socketpair=199,
        ways_around=(117, 270, 271, 425, 426, 427, 438),
        engine_denied=(198, 203, 200, 212, 243),
        egress_denied=(201, 202, 242),
        executing=(221, 281),
        forking=(),
        clone=220,
        clone3=435,
    ),
}

_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1
_SECCOMP_RET_KILL_PROCESS = 0x80000000
_SECCOMP_RET_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | errno.EACCES
_NOT_THERE = 0x00050000 | errno.ENOSYS
_X32_SYSCALL_BIT = 0x40000000
_SOCKET_TYPE_MASK = 0xF
_CLONE_THREAD = 0x10000

# struct sock_filter: code, jump if true, jump if false, operand.
_INSTRUCTION = struct.Struct("HBBI")
_LOAD_WORD = 0x20
_AND = 0x54
_JUMP_IF_EQUAL = 0x15
_JUMP_IF_AT_LEAST = 0x35
_RETURN = 0x06
# Offsets in struct seccomp_data. The kernel reads a socket's family and type as 32-bit ints, so the
# low words of the arguments (both architectures are little-endian) are all that counts.
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT = 0, 4, 16, 24


class _SockFprog(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p))


def filter_program(architecture: Architecture, role: Role) -> bytes:
    """Return the filter's instructions, as `struct sock_filter[]`."""
    rules = _rules(architecture, role)
    return b"".join(
        (
            _step(_LOAD_WORD, _ARCHITECTURE),
            _step(_JUMP_IF_EQUAL, architecture.audit, on_true=1),
            _step(_RETURN, _SECCOMP_RET_KILL_PROCESS),
            _step(_LOAD_WORD, _NUMBER),
            *((_X32_IS_FATAL,) if architecture.has_x32 else ()),
            *(
                _when(number, _step(_RETURN, _REFUSE))
                for number in (*architecture.ways_around, *rules.denied)
            ),
            *rules.cloning,
            _when(architecture.socketpair, rules.pair),
            _when(architecture.socket, rules.socket),
            _step(_RETURN, _SECCOMP_RET_ALLOW),
        )
    )


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a role is refused, and the blocks that decide about its pairs, sockets and children."""

    denied: tuple[int, ...]
    pair: bytes
    socket: bytes
    cloning: tuple[bytes, ...] = ()


def _rules(architecture: Architecture, role: Role) -> _Rules:
    match role:
        case Role.FRONT_END:
            return _Rules((), _if_family(socket.AF_UNIX), _if_family(socket.AF_UNIX))
        case Role.EGRESS:
            families = _if_family(socket.AF_UNIX, *_TO_ANYWHERE)
            denied = architecture.egress_denied + architecture.executing
            return _Rules(denied, _if_family(socket.AF_UNIX), families)
    # A pair of datagram sockets can still send to any address, a pair of streams cannot.
    pair, nothing = _if_unix_stream(), _if_family(socket.AF_UNIX)
    match role:
        case Role.BUILDER:
            return _Rules(architecture.engine_denied, pair, nothing)
        case Role.PROGRAM:
            denied = architecture.engine_denied + architecture.forking
            return _Rules(denied, pair, nothing, _only_threads(architecture))
    return _Rules(architecture.engine_denied + architecture.executing, pair, nothing)


def _only_threads(architecture: Architecture) -> tuple[bytes, ...]:
    """Return the rules that leave threads; libraries take `clone` where `clone3` is not there."""
    threads = b"".join(
        (
            _step(_LOAD_WORD, _FIRST_ARGUMENT),
            _step(_AND, _CLONE_THREAD),
            _step(_JUMP_IF_EQUAL, _CLONE_THREAD, on_true=1),
            _step(_RETURN, _REFUSE),
            _step(_RETURN, _SECCOMP_RET_ALLOW),
        )
    )
    missing = _step(_RETURN, _NOT_THERE)
    return (_when(architecture.clone, threads), _when(architecture.clone3, missing))


# IPv4, IPv6, and what the system's name resolution asks the kernel with, as Linux numbers them.
_TO_ANYWHERE = (2, 10, 16)


def _step(code: int, operand: int, *, on_true: int = 0, on_false: int = 0) -> bytes:
    return _INSTRUCTION.pack(code, on_true, on_false, operand)


_X32_IS_FATAL = _step(_JUMP_IF_AT_LEAST, _X32_SYSCALL_BIT, on_false=1) + _step(
    _RETURN, _SECCOMP_RET_KILL_PROCESS
)


def _when(number: int, block: bytes) -> bytes:
    """Run `block`, which returns, for one value of the word; go on after it for all others."""
    return _step(_JUMP_IF_EQUAL, number, on_false=len(block) // _INSTRUCTION.size) + block


def _if_family(*families: int) -> bytes:
    allow = _step(_RETURN, _SECCOMP_RET_ALLOW)
    return b"".join(
        (
            _step(_LOAD_WORD, _FIRST_ARGUMENT),
            *(_when(family, allow) for family in families),
            _step(_RETURN, _REFUSE),
        )
    )


def _if_unix_stream() -> bytes:
    return b"".join(
        (
            _step(_LOAD_WORD, _SECOND_ARGUMENT),
            _step(_AND, _SOCKET_TYPE_MASK),
            _step(_JUMP_IF_EQUAL, socket.SOCK_STREAM, on_true=1),
            _step(_RETURN, _REFUSE),
            _if_family(socket.AF_UNIX),
        )
    )


def _refuses(architecture: Architecture) -> bool:
    """Try for a socket of no family, which the filter refuses before the kernel knows of none."""
    try:
        system_call(architecture.socket, ctypes.c_int(socket.AF_UNSPEC), ctypes.c_int(1), 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return False
