"""What a process gives up before it reads source text: dumps, open files, its own survival."""

import os
import resource
import sys
from contextlib import suppress
from pathlib import Path

from cloister.engine.sandbox.linux import forbid_dumps

_MOST_OPEN_FILES = 4096
_STANDARD_ERROR = 2


def close_inherited_files() -> None:
    """Close everything but standard input, output and error.

    A socket that whoever started us left open would stay usable behind every filter. For the very
    beginning, before the process has opened anything of its own.
    """
    for name in os.listdir("/dev/fd"):  # noqa: PTH208  # names are numbers, not paths
        # The listing's own descriptor is closed already.
        with suppress(OSError):
            if int(name) > _STANDARD_ERROR:
                os.close(int(name))


def hide_memory() -> None:
    """Keep source text out of core dumps and debuggers, and new files from other users."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        forbid_dumps()


def stand_back() -> None:
    """Bound our open files, and let the kernel kill us first when memory runs out."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = _MOST_OPEN_FILES if most == resource.RLIM_INFINITY else min(most, _MOST_OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    # A container may not let us touch the score; then the kernel's own choice stands.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
