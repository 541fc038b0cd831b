"""Starts the egress process: in an empty folder, with an environment that says where files lie.

Its owner starts it before locking itself, because the lock forbids sockets and is inherited. The
process ends when its owner does: they share a pair of sockets, and its other end is closed then.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from cloister.core.errors import BackendUnavailableError
from cloister.egress.client import EgressLink

# No proxy, no certificate file, no key and nothing of Python's: what is not named here stays out.
# The second half is for programs that hold keys.
KEPT_VARIABLES = frozenset(
    """
    CLOISTER_LOCAL_ONLY HOME LANG LC_ALL LC_CTYPE LOGNAME USER
    XDG_CACHE_HOME XDG_CONFIG_HOME XDG_RUNTIME_DIR XDG_STATE_HOME
    DBUS_SESSION_BUS_ADDRESS DISPLAY GNUPGHOME GPG_TTY PASSWORD_STORE_DIR WAYLAND_DISPLAY
    """.split()  # noqa: SIM905  # three lines are easier to read than seventeen
)


def start_egress(empty_folder: Path, variables: Iterable[str] = ()) -> EgressLink:
    """Start the process in `empty_folder`, which is made; `variables` may hold keys and are kept.

    Raises BackendUnavailableError when it cannot be started.
    """
    kept = KEPT_VARIABLES.union(variables)
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            empty_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            process = subprocess.Popen(  # our own interpreter and module
                [sys.executable, "-E", "-P", "-m", "cloister", "egress", "run"],
                cwd=empty_folder,
                env={name: value for name, value in os.environ.items() if name in kept},
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                start_new_session=True,
            )
        except OSError as error:
            ours.close()
            raise BackendUnavailableError(
                f"The process for other services cannot be started ({error.strerror}); "
                f"check {sys.executable} and {empty_folder}."
            ) from error
    return EgressLink(process, ours)
