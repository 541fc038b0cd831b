"""Memory counts this process and all below it."""

import subprocess
import sys

import pytest

from bench.index.memory import family_bytes

# A child that holds so much of its own, and one below it that does so too.
HELD_BYTES = 30_000_000
CHILD = f"""
import subprocess, sys
held = b"x" * {HELD_BYTES}
if len(sys.argv) > 1:
    child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE, text=True)
print("here", flush=True)
input()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_descendants_count() -> None:
    before = family_bytes()
    assert before is not None
    command = [sys.executable, "-c", CHILD, CHILD]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        # One word from each.
        assert [child.stdout.readline(), child.stdout.readline()] == ["here\n"] * 2
        during = family_bytes()
        child.communicate("\n")
    assert during is not None
    assert during - before > 2 * HELD_BYTES
