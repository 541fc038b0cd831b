"""Starts the engine when it is not running: one for all windows, detached, in a clean environment.

The engine reports on a pipe when it listens, so nobody polls or guesses. A lock makes windows that
start together wait for one start.
"""

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from time import monotonic

from cloister.core.errors import BackendUnavailableError
from cloister.engine.instance import exclusive, is_listening
from cloister.engine.paths import EnginePaths, open_log, prepare_directory
from cloister.engine.wire import PROTOCOL_VERSION

_START_SECONDS = 20.0
_MAX_REPORT_BYTES = 4096

# Nothing else of the editor's environment reaches the engine: no keys, no proxies, no preloads.
_KEPT_VARIABLES = (
    "CUDA_VISIBLE_DEVICES",
    "GGML_VK_VISIBLE_DEVICES",
    "HIP_VISIBLE_DEVICES",
    "HOME",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LOGNAME",
    "PATH",
    "TMPDIR",
    "USER",
    "XDG_CACHE_HOME",
    "XDG_RUNTIME_DIR",
    "XDG_STATE_HOME",
)
_SET_VARIABLES = {
    # A failed assertion in ggml would start a debugger to print a backtrace.
    "GGML_NO_BACKTRACE": "1",
    # Threads that wait for each other spin for a moment and then sleep. Spinning for long starves
    # them when the editor needs a core (236 ms for a token on a busy machine with two cores, 23 ms
    # this way); sleeping at once makes every token six times as slow on an idle one.
    "GOMP_SPINCOUNT": "1000",
}


@dataclass(frozen=True, slots=True)
class StartReport:
    """How the start of an engine went; `problem` is a sentence for people when it failed."""

    listening: bool
    problem: str = ""
    protocol: int = PROTOCOL_VERSION

    def line(self) -> str:
        """Return the report as one line of text."""
        return json.dumps(asdict(self)) + "\n"


def ensure_engine(
    paths: EnginePaths, idle_seconds: float, *, require_isolation: bool = False
) -> None:
    """Return when an engine listens, starting it if need be; blocks, so use a thread.

    Raises BackendUnavailableError when it cannot be started.
    """
    prepare_directory(paths)
    with exclusive(paths.launch_lock):
        if not is_listening(paths.socket):
            flags = ["--require-isolation"] if require_isolation else []
            _start(paths, ["--idle-seconds", str(idle_seconds), *flags])


def _start(paths: EnginePaths, arguments: Sequence[str]) -> None:
    process = _spawn(paths, arguments)
    # Reaps the engine whenever it ends; it must not stay behind as a zombie of the editor's child.
    threading.Thread(target=process.wait, name="engine-reaper", daemon=True).start()
    report = _read_report(process)
    if report is None:
        process.kill()
        raise BackendUnavailableError(f"The engine did not start; {paths.log} says why.")
    if not report.listening:
        raise BackendUnavailableError(report.problem)
    if report.protocol != PROTOCOL_VERSION:
        raise BackendUnavailableError(
            "cloister was updated while this editor was running; restart the editor to use it."
        )


def _spawn(paths: EnginePaths, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-P", "-m", "cloister", "engine", "run"]
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    log = _log_target(paths)
    try:
        return subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [*command, *arguments],
            cwd="/",
            env=environment | _SET_VARIABLES,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
        )
    except OSError as error:
        raise BackendUnavailableError(
            f"The engine cannot be started ({error.strerror}); check {sys.executable}."
        ) from error
    finally:
        if log != subprocess.DEVNULL:
            os.close(log)


def _log_target(paths: EnginePaths) -> int:
    try:
        return open_log(paths.log)
    except OSError:
        # A full disk or a read-only home costs the log, not the completions.
        return subprocess.DEVNULL


def _read_report(process: "subprocess.Popen[bytes]") -> StartReport | None:
    """Return what the engine says about its start; None when it ends or takes too long."""
    pipe = process.stdout
    if pipe is None:
        return None
    deadline = monotonic() + _START_SECONDS
    line = b""
    with pipe:
        while not line.endswith(b"\n") and len(line) < _MAX_REPORT_BYTES:
            readable, _, _ = select.select([pipe], [], [], max(0.0, deadline - monotonic()))
            piece = os.read(pipe.fileno(), _MAX_REPORT_BYTES) if readable else b""
            if not piece:
                return None
            line += piece
    try:
        facts = json.loads(line)
        # The engine may be of another version than we are, and then it may say other things.
        return StartReport(facts["listening"], facts["problem"], facts.get("protocol", 0))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
