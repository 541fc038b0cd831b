"""Where the engine's socket, lock and log live: private to one user, verified before use.

The socket's name carries the protocol version, so that an updated window never meets an engine
that speaks an older protocol: both run side by side until the old one goes idle.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from cloister.core.errors import BackendUnavailableError
from cloister.engine.wire import PROTOCOL_VERSION

# `sun_path` holds 108 bytes with its closing zero on Linux, 104 on macOS and the BSDs.
_MAX_SOCKET_PATH_BYTES = 103


@dataclass(frozen=True, slots=True)
class EnginePaths:
    """All files of one user's engine; `directory` is the private runtime directory."""

    directory: Path
    log: Path

    @property
    def socket(self) -> Path:
        """Where the engine listens."""
        return self.directory / f"engine-{PROTOCOL_VERSION}.sock"

    @property
    def instance_lock(self) -> Path:
        """Held by the engine for life: there is at most one."""
        return self.directory / f"engine-{PROTOCOL_VERSION}.lock"

    @property
    def launch_lock(self) -> Path:
        """Held by a client while it starts the engine."""
        return self.directory / f"launch-{PROTOCOL_VERSION}.lock"


def engine_paths() -> EnginePaths:
    """Return the paths for this user and environment; touches nothing but XDG_RUNTIME_DIR."""
    directory = _session_directory() or _temporary_directory() / f"cloister-{os.getuid()}"
    return EnginePaths(directory, (_state_directory() or directory) / "engine.log")


def prepare_directory(paths: EnginePaths) -> None:
    """Create the runtime directory, or verify that it is a directory that only this user enters.

    Raises BackendUnavailableError when it is not, or when a socket path in it would be too long.
    """
    if len(os.fsencode(paths.socket)) > _MAX_SOCKET_PATH_BYTES:
        raise BackendUnavailableError(
            f"The path {paths.socket} is too long for a socket; "
            "set XDG_RUNTIME_DIR to a shorter directory."
        )
    try:
        paths.directory.mkdir(mode=0o700, exist_ok=True)
        facts = paths.directory.lstat()
    except OSError as error:
        raise BackendUnavailableError(
            f"The directory {paths.directory} cannot be used ({error.strerror}); "
            "set XDG_RUNTIME_DIR to a directory of your own."
        ) from error
    if not _is_private(facts):
        raise BackendUnavailableError(
            f"The directory {paths.directory} is open to other users; "
            "remove it or set XDG_RUNTIME_DIR to a directory of your own."
        )


def open_log(path: Path) -> int:
    """Open the log for appending, private to the user, and return its file descriptor.

    Raises OSError when it cannot be written.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _MAX_LOG_BYTES:
        path.replace(path.with_suffix(".old.log"))
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
    return os.open(path, flags, 0o600)


_MAX_LOG_BYTES = 1024 * 1024


def _session_directory() -> Path | None:
    # After `su` the variable may still name the directory of somebody else: that one is not ours.
    name = os.environ.get("XDG_RUNTIME_DIR", "")
    if not name.startswith("/") or not os.access(name, os.W_OK | os.X_OK):
        return None
    directory = Path(name)
    return directory / "cloister" if directory.stat().st_uid == os.getuid() else None


def _temporary_directory() -> Path:
    # Editor and engine must find the same one. `tempfile` looks at variables that the engine does
    # not get, and moves to the current directory, which differs, when the disk is full.
    directory = Path(os.environ.get("TMPDIR", ""))
    if directory.is_absolute() and directory.is_dir():
        return directory
    return Path("/tmp")  # noqa: S108  # what is made there is verified before use


def _state_directory() -> Path | None:
    try:
        state = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
    except RuntimeError:
        # Containers run as users that the system does not know and that have no home.
        return None
    return state / "cloister"


def _is_private(facts: os.stat_result) -> bool:
    return (
        stat.S_ISDIR(facts.st_mode)
        and facts.st_uid == os.getuid()
        and stat.S_IMODE(facts.st_mode) & 0o077 == 0
    )
