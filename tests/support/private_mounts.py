"""Full and read-only file systems for one process and its children, gone when it ends."""

import os
import shutil
import subprocess
from collections.abc import Sequence

import pytest


def command_with_mounts(script: str, command: Sequence[str]) -> list[str]:
    """Return what runs `command` where `script` has mounted things that nobody else sees.

    Everything that it starts is in a process namespace of its own and is killed when it ends.
    Skips the test by name where the system allows no private mounts, and fails it in CI for root.
    """
    unshare = shutil.which("unshare") or ""
    rights = [] if os.geteuid() == 0 else ["--map-root-user"]
    private = [unshare, *rights, "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    probe = [*private, "sh", "-c", "mount -t tmpfs none /mnt"]
    if not unshare or subprocess.run(probe, check=False, capture_output=True).returncode != 0:
        reason = "private mounts (unshare of util-linux, and a kernel that allows it) are missing"
        if os.environ.get("CI") == "true" and os.geteuid() == 0:
            pytest.fail(reason)
        pytest.skip(reason)
    return [*private, "sh", "-ec", f'{script}\nexec "$@"', "sh", *command]
