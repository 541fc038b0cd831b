"""What a model wrote can do nothing to anybody, and takes its time from nobody."""

from dataclasses import replace
from pathlib import Path

import pytest

from cloister.evaluation.actions.cases import ActionCase
from cloister.evaluation.actions.confined import Verdict, judged, unusable_languages

SOURCE = "def f():\n    pass\n"
CASE = ActionCase("f", "python", "implement", SOURCE, "pass", "return 1", "assert f() == 1")

REFUSED = """
try:
    f()
except PermissionError:
    pass
else:
    raise AssertionError
"""


def body(*lines: str) -> str:
    return "def f():\n" + "".join(f"    {line}\n" for line in lines)


def test_this_machine_can_hold_it() -> None:
    assert unusable_languages([CASE]) == {}


def test_it_passes_and_fails_by_its_tests() -> None:
    assert judged(CASE, CASE.reference) == Verdict(parses=True)
    assert judged(CASE, body("return 2")) == Verdict(parses=True, problem="a hidden test fails")
    assert judged(CASE, body("return (")) == Verdict(parses=False, problem="does not parse")


@pytest.mark.parametrize(
    "lines",
    [
        ("import socket", "socket.socket(socket.AF_INET, socket.SOCK_STREAM)"),
        ("import socket", "socket.getaddrinfo('localhost', 80)"),
        ("import socket", "socket.socket(socket.AF_UNIX).connect('/run/any')"),
        ("import subprocess", "subprocess.run(['true'])"),
        ("import os", "os.fork()"),
        ("import os", "os.execv('/bin/true', ['true'])"),
        ("open('../outside-of-it', 'w')",),
        ("import os", "os.mkdir('../outside-of-it')"),
    ],
    ids=lambda lines: lines[-1],
)
def test_what_reaches_out_is_refused(lines: tuple[str, ...]) -> None:
    assert judged(replace(CASE, tests=REFUSED), body(*lines)).problem == ""


@pytest.mark.parametrize("call", ["socket(2, 1, 0)", "execve(b'/bin/true', None, None)"])
def test_the_kernel_refuses_it_too(call: str) -> None:
    after = body("import ctypes", f"return ctypes.CDLL(None).{call}")
    assert judged(replace(CASE, tests="assert f() == -1"), after).problem == ""


def test_files_outside_stay_as_they_are(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("mine")
    judged(CASE, body(f"open({str(kept)!r}, 'w').write('theirs')", "return 1"))
    judged(CASE, body("import os", f"os.remove({str(kept)!r})", "return 1"))
    assert kept.read_text() == "mine"


def test_it_sees_an_empty_folder_and_nothing_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_OF_MINE", "x")
    tests = "assert f() == ([], None)"
    after = body("import os", "return os.listdir(), os.environ.get('SECRET_OF_MINE')")
    assert judged(replace(CASE, tests=tests), after).problem == ""


@pytest.mark.parametrize(
    "lines", [("while True: pass",), ("import time", "time.sleep(600)")], ids=["busy", "asleep"]
)
def test_what_hangs_is_ended(lines: tuple[str, ...]) -> None:
    verdict = judged(CASE, body(*lines), most_seconds=1)
    assert verdict == Verdict(parses=True, problem="takes too long", stopped=True)


def test_memory_and_files_have_limits() -> None:
    assert judged(CASE, body("bytes(1 << 31)")).problem == "raises MemoryError"
    assert judged(CASE, body("open('a', 'wb').write(bytes(1 << 22))")).problem == "raises OSError"


def test_to_end_well_is_not_to_pass() -> None:
    verdict = judged(CASE, body("import os", "os._exit(0)"))
    assert verdict == Verdict(parses=True, problem="ends without a result", stopped=True)
