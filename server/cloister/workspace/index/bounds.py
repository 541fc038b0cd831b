"""What one file may cost the process that analyses it, before the system ends that process.

tree-sitter can take minutes and gigabytes for a short text, in a place where nothing stops it but
the system. Time is that of the processor, so a busy machine is no reason to give a file up.
"""

import resource
import signal
import sys

MOST_SECONDS_PER_FILE = 10.0
# A source file of the largest size that is read takes a tenth of this.
_MOST_BYTES = 768 * 1024 * 1024
# It holds what is known of every file as well.
_MOST_BYTES_OF_KEEPER = 2 * _MOST_BYTES


def bound_analyser() -> None:
    """Bound the memory of a process that does nothing but analyse files."""
    _bound_memory(_MOST_BYTES)


def bound_keeper() -> None:
    """Bound the memory of the process that keeps the index and analyses what was saved."""
    _bound_memory(_MOST_BYTES_OF_KEEPER)


def begin_file() -> None:
    """Begin the time of the next file; the process ends with it."""
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS_PER_FILE)


def end_files() -> None:
    """Let the process take what time it needs."""
    signal.setitimer(signal.ITIMER_PROF, 0.0)


def _bound_memory(most_bytes: int) -> None:
    # Elsewhere the bound is not kept, or counts what is only mapped.
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        limit = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
