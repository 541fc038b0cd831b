"""What is reported is what holds, whatever the kernel refuses to give."""

import platform
import sys
from pathlib import Path

import pytest

from cloister.core.errors import BackendUnavailableError
from cloister.engine.sandbox import IsolationLevel, require_kernel
from cloister.engine.sandbox.seccomp import _ARCHITECTURES
from support.locked_process import ALLOWED, run_script

LINUX = sys.platform == "linux" and platform.machine() in _ARCHITECTURES

LOCK = """
import platform, socket
from cloister.engine import sandbox
from cloister.engine.sandbox import seccomp

def report(isolation):
    numbers = seccomp._ARCHITECTURES[platform.machine()]
    print(json.dumps({
        "level": isolation.level,
        "reason": isolation.reason,
        "kernel": attempt(lambda: system_call(numbers.socket, 2, 1, 0)),
        "python": attempt(lambda: socket.socket(socket.AF_INET)),
        "write": attempt(lambda: Path(sys.argv[1], "others").write_text("x")),
        "own": attempt(lambda: Path(sys.argv[1], "own", "file").write_text("x")),
    }))

own = Path(sys.argv[1], "own")
"""


def locked(folder: Path, code: str) -> dict[str, str]:
    result: dict[str, str] = run_script(f"{LOCK}\n{code}", str(folder))
    return result


pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.skipif(not LINUX, reason="these locks are those of Linux on x86_64 and aarch64"),
]


def test_an_engine_is_locked_by_all_there_is(tmp_path: Path) -> None:
    assert locked(tmp_path, "report(sandbox.lock_engine([own]))") == {
        "level": "kernel",
        "reason": "Held by Landlock, seccomp, audit hook.",
        "kernel": "EACCES",
        "python": "EACCES",
        "write": "EACCES",
        "own": ALLOWED,
    }


def test_an_indexer_is_locked_by_all_there_is_and_so_are_its_copies(tmp_path: Path) -> None:
    code = """
own.mkdir()
isolation = sandbox.lock_indexer(own)
child = os.fork()
if child:
    os.waitpid(child, 0)
else:
    report(isolation)
"""
    assert locked(tmp_path, code) == {
        "level": "kernel",
        "reason": "Held by Landlock, seccomp, audit hook.",
        "kernel": "EACCES",
        "python": "EACCES",
        "write": "EACCES",
        "own": ALLOWED,
    }


def test_the_egress_process_keeps_the_network_and_its_own_files(tmp_path: Path) -> None:
    assert locked(tmp_path, "report(sandbox.lock_egress([own]))") == {
        "level": "kernel",
        "reason": "Held by Landlock, seccomp, audit hook.",
        "kernel": ALLOWED,
        "python": ALLOWED,
        "write": "EACCES",
        "own": ALLOWED,
    }


def test_a_front_end_keeps_its_files(tmp_path: Path) -> None:
    assert locked(tmp_path, "own.mkdir(); report(sandbox.lock_front_end(own))") == {
        "level": "kernel",
        "reason": "Held by seccomp, audit hook.",
        "kernel": "EACCES",
        "python": "EACCES",
        "write": ALLOWED,
        "own": ALLOWED,
    }


@pytest.mark.parametrize(
    ("error", "said"), [("EACCES", "permission denied"), ("ENOSYS", "function not implemented")]
)
def test_n05_without_seccomp_only_python_code_is_held(
    error: str, said: str, tmp_path: Path
) -> None:
    code = f"""
refuse_system_calls(SECCOMP, LANDLOCK, error=errno.{error})
report(sandbox.lock_engine([own]))
"""
    assert locked(tmp_path, code) == {
        "level": "audit",
        "reason": (
            "Held by audit hook. "
            f"Landlock is not to be had: {said}. seccomp is not to be had: {said}."
        ),
        "kernel": ALLOWED,
        "python": "EACCES",
        "write": ALLOWED,
        "own": ALLOWED,
    }


def test_n05_without_landlock_the_network_is_still_held_by_the_kernel(tmp_path: Path) -> None:
    result = locked(tmp_path, "refuse_system_calls(LANDLOCK); report(sandbox.lock_engine([own]))")
    assert result["level"] == "kernel"
    assert result["reason"] == (
        "Held by seccomp, audit hook. Landlock is not to be had: permission denied."
    )
    assert result["kernel"] == "EACCES"
    assert result["write"] == ALLOWED


def test_n05_with_nothing_at_all_it_says_so(tmp_path: Path) -> None:
    code = """
def selfish(event, _arguments):
    if event == "sys.addaudithook":
        raise RuntimeError
sys.addaudithook(selfish)
refuse_system_calls(SECCOMP)
own.mkdir()
report(sandbox.lock_front_end(own))
"""
    result = locked(tmp_path, code)
    assert result["level"] == "none"
    assert result["reason"].startswith("Held by nothing. ")
    assert result["kernel"] == result["python"] == ALLOWED


def test_a_processor_without_a_filter_is_said(tmp_path: Path) -> None:
    code = """
platform.machine, real = (lambda: "riscv64"), platform.machine
own.mkdir()
isolation = sandbox.lock_front_end(own)
platform.machine = real
report(isolation)
"""
    result = locked(tmp_path, code)
    assert result["level"] == "audit"
    assert "no filter for riscv64" in result["reason"]
    assert result["kernel"] == ALLOWED


def test_a_kernel_that_takes_a_filter_and_does_not_heed_it_is_found_out(tmp_path: Path) -> None:
    code = """
own.mkdir()
seccomp.filter_program = lambda _architecture, _role: seccomp._step(0x06, 0x7FFF0000)
report(sandbox.lock_front_end(own))
"""
    result = locked(tmp_path, code)
    assert result["level"] == "audit"
    assert "the filter has no effect" in result["reason"]


def test_only_the_kernel_is_enough_for_who_requires_isolation() -> None:
    require_kernel(IsolationLevel.KERNEL, "Held by a test.")
    for level in (IsolationLevel.AUDIT, IsolationLevel.NONE, ""):
        with pytest.raises(BackendUnavailableError, match=r"\(Held by a test\); turn off"):
            require_kernel(level, "Held by a test.")
