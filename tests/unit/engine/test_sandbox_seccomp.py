"""The filter as the kernel runs it, and as the two architectures would run it."""

import platform
import signal
import struct
import subprocess
import sys
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cloister.engine.sandbox.role import Role
from cloister.engine.sandbox.seccomp import _ARCHITECTURES, Architecture, filter_program
from support.locked_process import run_script, script_environment

KILL, ALLOW, REFUSE, NOT_THERE = 0x80000000, 0x7FFF0000, 0x0005000D, 0x00050026
AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_TIPC = 1, 2, 10, 16, 30
STREAM, DATAGRAM, NONBLOCK = 1, 2, 0o4000
CLONE_THREAD = 0x10000

on_linux = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in _ARCHITECTURES,
    reason="seccomp filters are written for Linux on x86_64 and aarch64",
)

ATTEMPTS = """
import asyncio, os, platform, socket, threading
from cloister.engine.sandbox.role import Role
from cloister.engine.sandbox.seccomp import _ARCHITECTURES, install_filter

listener = socket.socket(socket.AF_UNIX)
listener.bind("\\0cloister-test-%d" % os.getpid())
listener.listen()
connected = socket.socket(socket.AF_UNIX)
connected.connect(listener.getsockname())
unconnected = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
one, other = socket.socketpair()
locked = threading.Event()
results = {}

def bind_unix():
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("\\0cloister-test-again-%d" % os.getpid())

def from_an_older_thread():
    locked.wait()
    results["older thread"] = attempt(lambda: socket.socket(socket.AF_INET))

thread = threading.Thread(target=from_an_older_thread)
thread.start()
if sys.argv[1] != "nobody":
    install_filter(Role(sys.argv[1]))
locked.set()
thread.join()
numbers = _ARCHITECTURES[platform.machine()]
for family in ("AF_UNIX", "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK"):
    results[family] = attempt(lambda: socket.socket(getattr(socket, family)))
# The kernel reads 32 bits of the family, so the upper half must not get anything past the filter.
results["AF_INET in disguise"] = attempt(
    lambda: system_call(numbers.socket, 1 << 32 | socket.AF_INET, 1, 0))
results["udp"] = attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
results["connect"] = attempt(lambda: unconnected.connect(("127.0.0.1", 9)))
results["bind"] = attempt(lambda: unconnected.bind(("127.0.0.1", 0)))
results["bind unix"] = attempt(bind_unix)
results["stream pair"] = attempt(socket.socketpair)
results["datagram pair"] = attempt(lambda: socket.socketpair(type=socket.SOCK_DGRAM))
results["internet pair"] = attempt(lambda: system_call(numbers.socketpair, 2, 1, 0, 0))
results["handed over"] = attempt(lambda: (one.send(b"x"), socket.recv_fds(other, 1, 1)))
results["accept"] = attempt(listener.accept)
results["listen"] = attempt(lambda: listener.listen())
results["event loop"] = attempt(lambda: asyncio.run(asyncio.sleep(0)))
results["program"] = attempt(lambda: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0))
results["thread"] = attempt(threading.Thread(target=str).start)
results["exec"] = attempt(lambda: os.execv("/nowhere", ["nowhere"]))
names = ("ptrace", "process_vm_readv", "process_vm_writev", "io_uring_setup", "io_uring_enter",
         "io_uring_register", "pidfd_getfd")
for name, number in zip(names, numbers.ways_around, strict=True):
    # Arguments that no kernel takes, so that only a filter can answer EACCES.
    results[name] = attempt(lambda: system_call(number, 2**32 - 1, 2**32 - 1, 0, 0, 0, 0))
print(json.dumps(results))
"""


def refused(role: str) -> set[str]:
    results: dict[str, str] = run_script(ATTEMPTS, role)
    return {name for name, outcome in results.items() if outcome == "EACCES"}


BOTH_REFUSE = {
    "older thread",
    "AF_INET",
    "AF_INET6",
    "AF_NETLINK",
    "AF_PACKET",
    "AF_VSOCK",
    "AF_INET in disguise",
    "udp",
    "internet pair",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "pidfd_getfd",
}
ENGINE_REFUSES = {
    "AF_UNIX",
    "connect",
    "bind",
    "bind unix",
    "datagram pair",
    "handed over",
    "program",
    "exec",
}

REACHES_ANYWHERE = {
    "older thread",
    "AF_INET",
    "AF_INET6",
    "AF_NETLINK",
    "AF_INET in disguise",
    "udp",
}
EGRESS_REFUSES = {"accept", "listen", "program", "exec"}


@on_linux
@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.FRONT_END, BOTH_REFUSE),
        (Role.ENGINE, BOTH_REFUSE | ENGINE_REFUSES),
        (Role.INDEXER, BOTH_REFUSE | ENGINE_REFUSES),
        (Role.BUILDER, BOTH_REFUSE | ENGINE_REFUSES - {"program", "exec"}),
        (Role.PROGRAM, BOTH_REFUSE | ENGINE_REFUSES - {"exec"}),
        (Role.EGRESS, (BOTH_REFUSE - REACHES_ANYWHERE) | EGRESS_REFUSES),
        # Without a filter nothing of this is refused, so each refusal is the filter's.
        ("nobody", set()),
    ],
)
def test_a_process_keeps_what_its_role_needs_and_nothing_else(
    role: str, expected: set[str]
) -> None:
    assert refused(role) == expected


# mov eax, 20; int 0x80; ret
I386_GETPID = """
code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
code.write(bytes.fromhex("b814000000cd80c3"))
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))()
"""


@on_linux
@pytest.mark.sandbox
@pytest.mark.skipif(platform.machine() != "x86_64", reason="these ABIs are those of x86_64")
@pytest.mark.parametrize(
    "call",
    ["system_call(0x40000000 + 39)", I386_GETPID],
    ids=["x32", "i386"],
)
def test_a_foreign_abi_is_the_end(call: str) -> None:
    code = (
        "import mmap\nfrom support.locked_process import *\n"
        "from cloister.engine.sandbox.role import Role\n"
        "from cloister.engine.sandbox.seccomp import install_filter\n"
        f"install_filter(Role.FRONT_END)\n{call}"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], env=script_environment(), capture_output=True, check=False
    )
    assert result.returncode == -signal.SIGSYS, result.stderr


def verdict(program: bytes, data: Mapping[int, int]) -> int:
    """Run the filter as the kernel does; `data` are the words of `struct seccomp_data`."""
    steps = list(struct.iter_unpack("HBBI", program))
    position, word = 0, 0
    while True:
        code, on_true, on_false, operand = steps[position]
        position += 1
        match code:
            case 0x20:
                word = data[operand]
            case 0x54:
                word &= operand
            case 0x15:
                position += on_true if word == operand else on_false
            case 0x35:
                position += on_true if word >= operand else on_false
            case 0x06:
                return operand
            case _:
                raise AssertionError(code)


def expected_verdict(
    architecture: Architecture, role: Role, number: int, family: int, kind: int
) -> int:
    """Say in plain words what the filter says in jumps."""
    if architecture.has_x32 and number >= 0x40000000:
        return KILL
    is_strict = role not in {Role.FRONT_END, Role.EGRESS}
    if role is Role.PROGRAM and number == architecture.clone3:
        return NOT_THERE
    if role is Role.PROGRAM and number == architecture.clone:
        return ALLOW if family & CLONE_THREAD else REFUSE
    denied = {*architecture.ways_around, *denied_by_role(architecture, role)}
    is_datagram_pair = number == architecture.socketpair and is_strict and kind & 0xF != STREAM
    anywhere = {AF_INET, AF_INET6, AF_NETLINK} if role is Role.EGRESS else set()
    families = {architecture.socket: {AF_UNIX, *anywhere}, architecture.socketpair: {AF_UNIX}}
    if number in denied or is_datagram_pair or family not in families.get(number, {family}):
        return REFUSE
    return ALLOW


def denied_by_role(architecture: Architecture, role: Role) -> tuple[int, ...]:
    match role:
        case Role.FRONT_END:
            return ()
        case Role.EGRESS:
            return architecture.egress_denied + architecture.executing
        case Role.BUILDER:
            return architecture.engine_denied
        case Role.PROGRAM:
            return architecture.engine_denied + architecture.forking
    return architecture.engine_denied + architecture.executing


@given(
    st.sampled_from(sorted(_ARCHITECTURES)),
    st.sampled_from(Role),
    st.integers(0, 500) | st.integers(0, 2**32 - 1),
    st.sampled_from([0, AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_TIPC, CLONE_THREAD]),
    st.sampled_from([STREAM, DATAGRAM, STREAM | NONBLOCK, DATAGRAM | NONBLOCK]),
)
@example("aarch64", Role.ENGINE, 199, AF_UNIX, DATAGRAM)
@example("aarch64", Role.ENGINE, 199, AF_UNIX, STREAM | NONBLOCK)
@example("aarch64", Role.FRONT_END, 198, AF_UNIX, STREAM)
@example("aarch64", Role.FRONT_END, 198, AF_INET, STREAM)
@example("aarch64", Role.EGRESS, 198, AF_INET6, STREAM)
@example("aarch64", Role.EGRESS, 198, AF_TIPC, STREAM)
@example("aarch64", Role.EGRESS, 199, AF_INET, STREAM)
@example("aarch64", Role.EGRESS, 201, AF_UNIX, STREAM)
@example("aarch64", Role.EGRESS, 221, AF_UNIX, STREAM)
@example("aarch64", Role.PROGRAM, 220, CLONE_THREAD, STREAM)
@example("aarch64", Role.PROGRAM, 220, 0, STREAM)
@example("x86_64", Role.PROGRAM, 56, CLONE_THREAD, STREAM)
@example("x86_64", Role.PROGRAM, 57, 0, STREAM)
@example("x86_64", Role.PROGRAM, 435, 0, STREAM)
def test_every_call_gets_the_verdict_in_plain_words(
    name: str, role: Role, number: int, family: int, kind: int
) -> None:
    architecture = _ARCHITECTURES[name]
    data = {0: number, 4: architecture.audit, 16: family, 24: kind}
    expected = expected_verdict(architecture, role, number, family, kind)
    assert verdict(filter_program(architecture, role), data) == expected


@pytest.mark.parametrize("name", sorted(_ARCHITECTURES))
def test_another_architecture_is_the_end(name: str) -> None:
    architecture = _ARCHITECTURES[name]
    data = {0: architecture.socket, 4: 0x40000003, 16: AF_UNIX, 24: STREAM}
    assert verdict(filter_program(architecture, Role.FRONT_END), data) == KILL
