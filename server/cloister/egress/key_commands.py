"""Runs key commands for the egress process, which cannot start programs itself.

A process of its own, started before the other one locks itself, and only when the user's file has a
`key-command`. It takes the name of a backend, one per line, and looks the command up in the user's
file: nobody can tell it what to run. It answers each with a line of JSON.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

from cloister.core.errors import SettingsError
from cloister.settings.backends import BackendSettings, KeySource

SettingsOf = Callable[[str], BackendSettings]
"""Returns a backend of the user's file; raises SettingsError."""

_COMMAND_SECONDS = 120
_MOST_KEY_BYTES = 64 * 1024
_PROGRAMS_VARIABLE = {
    # A repository can put a folder of its own in front of the editor's.
    "PATH": "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin"
}


class KeyCommands:
    """The process that runs key commands, seen from the egress process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._asking = threading.Lock()

    @classmethod
    def start(cls) -> "KeyCommands":
        """Start the process; raises OSError."""
        command = [sys.executable, "-E", "-P", "-m", "cloister", "egress", "keys"]
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        return cls(process)

    def run(self, name: str) -> str:
        """Return what the key command of a backend prints; waits for it. Raises SettingsError."""
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise _not_running(name)
        try:
            with self._asking:
                asked.write(f"{name}\n")
                asked.flush()
                answer = json.loads(answered.readline())
        except (OSError, ValueError) as error:
            raise _not_running(name) from error
        if problem := answer["problem"]:
            raise SettingsError(problem)
        return str(answer["key"])


def serve_key_commands(settings_of: SettingsOf, names: Iterable[str], answers: TextIO) -> None:
    """Answer every name with the key of its backend, or with what is wrong, until they end."""
    for name in names:
        try:
            answer = {"key": _key(settings_of(name.strip())), "problem": ""}
        except SettingsError as error:
            answer = {"key": "", "problem": str(error)}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _key(settings: BackendSettings) -> str:
    if settings.key is not KeySource.COMMAND:
        raise SettingsError(f"The backend {settings.name!r} has no `key-command` any more.")
    if not Path(settings.key_command[0]).is_absolute():
        raise SettingsError(
            f"The `key-command` of {settings.name!r} must begin with a full path, "
            "such as /usr/bin/pass."
        )
    try:
        result = subprocess.run(  # noqa: S603  # the user's own file names it
            settings.key_command,
            env={**os.environ, **_PROGRAMS_VARIABLE},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=_COMMAND_SECONDS,
            check=True,
        )
        return result.stdout[:_MOST_KEY_BYTES].decode("ascii")
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        raise SettingsError(
            f"The `key-command` of {settings.name!r} failed; run {settings.key_command[0]} in a "
            "terminal to see why."
        ) from error


def _not_running(name: str) -> SettingsError:
    return SettingsError(
        f"Nobody can run the `key-command` of {name!r} now; restart the editor to use it."
    )
