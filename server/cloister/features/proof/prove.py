"""Begins a proof: a project and a user's folders that nobody else has, and a process for it."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from cloister.core.errors import CloisterError
from cloister.features.proof.evidence import Evidence, Run, Seen
from cloister.features.proof.session import write_project, write_user_file
from cloister.features.proof.stage import PROJECT

_MOST_SECONDS = 60.0
_KEPT_VARIABLES = ("LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH", "TMPDIR", "USER")
_FOLDERS = {
    "HOME": "home",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_RUNTIME_DIR": "run",
    "XDG_STATE_HOME": "state",
}


def prove_offline() -> Evidence:
    """Return the evidence of a whole session; raises CloisterError when none could be had."""
    # A short path, because a socket's may have 103 bytes.
    with tempfile.TemporaryDirectory(prefix="cl") as name:
        folder = Path(name)
        environment = _folders(folder)
        write_project(folder / PROJECT)
        write_user_file(Path(environment["XDG_CONFIG_HOME"]))
        return _evidence_of(_run_stage(folder, environment))


def _folders(folder: Path) -> dict[str, str]:
    """Make a user's folders and return the environment that names them."""
    environment = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    for variable, name in _FOLDERS.items():
        (folder / name).mkdir(mode=0o700)
        environment[variable] = str(folder / name)
    return environment


def _run_stage(folder: Path, environment: dict[str, str]) -> str:
    command = [sys.executable, "-P", "-m", "cloister", "doctor", "--stage", str(folder)]
    try:
        result = subprocess.run(  # noqa: S603  # our own interpreter and module
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CloisterError(
            f"The session of the proof took more than {_MOST_SECONDS:.0f} seconds; "
            "try again when the machine is less busy."
        ) from error
    if result.returncode:
        raise CloisterError(result.stderr.strip().removeprefix("cloister: ") or "The proof failed.")
    return result.stdout


def _evidence_of(told: str) -> Evidence:
    facts = json.loads(told)
    seen = {name: Seen(**facts[name]) for name in ("control", "seen")}
    return Evidence(**(facts | seen | {"run": Run(**facts["run"])}))
