"""Has an edit judged in a confined process, and ends that process when it takes too long.

The process sees an empty environment and an empty folder, which is removed afterwards. It tells its
verdict in a file whose name is drawn anew, so that a program that only ends well has not passed.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cloister.core.errors import CloisterError
from cloister.evaluation.actions.cases import ActionCase

_COMMAND = (sys.executable, "-P", "-s", "-m", "cloister.evaluation.actions.child")
# Nothing of the user's; and what a set's order decides is the same each time.
_ENVIRONMENT = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
_MOST_SECONDS = 20.0
_TRIAL = ActionCase("trial", "implement", "def f():\n    pass\n", "pass", "return 1", "assert f()")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What running an edit showed; `problem` is empty where everything holds.

    `stopped` is for what never came to its end.
    """

    parses: bool
    problem: str = ""
    stopped: bool = False


def require_confinement() -> None:
    """Raise CloisterError where this machine cannot hold what a model wrote."""
    verdict = judged(_TRIAL, _TRIAL.reference)
    if verdict.problem:
        raise CloisterError(f"Model-written code cannot be tried here: it {verdict.problem}.")


def judged(case: ActionCase, after: str, most_seconds: float = _MOST_SECONDS) -> Verdict:
    """Return what a case's hidden tests say of the edited source.

    Raises CloisterError when the kernel does not hold the process; nothing has run then.
    """
    with tempfile.TemporaryDirectory(prefix="cl") as name:
        folder = Path(name) / "scratch"
        folder.mkdir()
        answer = folder / secrets.token_hex(16)
        job = {
            "action": case.action,
            "before": case.source,
            "after": after,
            "tests": case.tests,
            "answer": answer.name,
        }
        problem = _run(json.dumps(job), folder, most_seconds)
        return _verdict(answer, problem)


def _run(job: str, folder: Path, most_seconds: float) -> str:
    """Return why the process did not end by itself, or nothing."""
    with subprocess.Popen(  # noqa: S603  # our own interpreter and module
        _COMMAND,
        cwd=folder,
        env=_ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            process.communicate(job, most_seconds)
        except subprocess.TimeoutExpired:
            return "takes too long"
        finally:
            _end(process)
    is_timed_out = process.returncode in {-signal.SIGXCPU, -signal.SIGKILL}
    return "takes too long" if is_timed_out else "ends without a result"


def _end(process: "subprocess.Popen[str]") -> None:
    """Kill the process with all that it may have started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _verdict(answer: Path, problem: str) -> Verdict:
    try:
        told = json.loads(answer.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Verdict(parses=True, problem=problem, stopped=True)
    if unheld := told.get("unheld"):
        raise CloisterError(f"Model-written code is not run, because nothing holds it: {unheld}")
    return Verdict(told["parses"], told["problem"])
