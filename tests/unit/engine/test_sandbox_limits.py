import json
import os
import socket
import subprocess
import sys

import pytest

from support.locked_process import run_script, script_environment


def test_no_dumps_and_private_files() -> None:
    code = """
import ctypes, os, resource
from cloister.engine.sandbox.limits import hide_memory
hide_memory()
dumpable = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) if sys.platform == "linux" else 0
print(json.dumps([resource.getrlimit(resource.RLIMIT_CORE), dumpable, os.umask(0)]))
"""
    assert run_script(code) == [[0, 0], 0, 0o077]


@pytest.mark.parametrize(("before", "after"), [(100, 100), (8192, 4096)])
def test_open_files_are_bounded(before: int, after: int) -> None:
    code = """
import resource
from cloister.engine.sandbox.limits import stand_back
limit = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
stand_back()
print(json.dumps(resource.getrlimit(resource.RLIMIT_NOFILE)))
"""
    assert run_script(code, str(before)) == [after, after]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a score")
def test_the_kernel_takes_it_first() -> None:
    code = """
from cloister.engine.sandbox.limits import stand_back
stand_back()
print(open("/proc/self/oom_score_adj").read())
"""
    assert run_script(code) == 500


def test_a_socket_that_somebody_left_open_is_closed() -> None:
    code = """
import json, os, sys
from cloister.engine.sandbox.limits import close_inherited_files
before = {int(name) for name in os.listdir("/dev/fd")}
close_inherited_files()
after = {int(name) for name in os.listdir("/dev/fd")}
print(json.dumps([int(sys.argv[1]) in before, sorted(after)[:3], int(sys.argv[1]) in after]))
"""
    with socket.socket(socket.AF_INET) as inherited:
        # A number that the listing of the folder itself does not get.
        number = os.dup2(inherited.fileno(), 77)
        try:
            output = subprocess.run(
                [sys.executable, "-c", code, str(number)],
                env=script_environment(),
                stdin=subprocess.DEVNULL,
                pass_fds=[number],
                check=True,
                capture_output=True,
            ).stdout
        finally:
            os.close(number)
    assert json.loads(output) == [True, [0, 1, 2], False]
