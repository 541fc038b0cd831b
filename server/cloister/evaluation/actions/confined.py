"""Has an edit judged in a confined process, and ends that process when it takes too long.

The process sees an empty folder, which is removed afterwards, and nothing of the user's environment
but where compilers are. It tells its verdict in a file whose name is drawn anew; a program in
another language says that name at its end. So one that only ends well has not passed.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from cloister.core.errors import CloisterError
from cloister.evaluation.actions.cases import ActionCase
from cloister.evaluation.actions.toolchains import TOOLCHAINS

_COMMAND = (sys.executable, "-P", "-s", "-m", "cloister.evaluation.actions.child")
# Nothing of the user's; and what a set's order decides is the same each time.
_ENVIRONMENT = {"PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
_MOST_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What running an edit showed; `problem` is empty where everything holds.

    `parses` says that it also compiles where it has to, `stopped` is for what never came to its
    end.
    """

    parses: bool
    problem: str = ""
    stopped: bool = False


def unusable_languages(cases: Sequence[ActionCase]) -> dict[str, str]:
    """Return the languages of the cases that cannot be tried here, and why."""
    first = {it.language: it for it in reversed(cases)}
    reasons = {language: _unusable(case) for language, case in sorted(first.items())}
    return {language: reason for language, reason in reasons.items() if reason}


def judged(case: ActionCase, after: str, most_seconds: float = _MOST_SECONDS) -> Verdict:
    """Return what a case's hidden tests say of the edited source.

    Raises CloisterError when the kernel does not hold the process, or when the language's compiler
    is not installed; nothing has run then.
    """
    word = secrets.token_hex(16)
    job, environment = _job(case, after, word), _environment(case)
    with tempfile.TemporaryDirectory(prefix="cl") as name, tempfile.TemporaryFile() as said:
        folder = Path(name) / "scratch"
        folder.mkdir()
        with subprocess.Popen(  # noqa: S603  # our own interpreter and module
            _COMMAND,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        ) as process:
            code = _exit_code(process, job, most_seconds)
        return _told(folder / word) or _ended(code, said, word)


def _job(case: ActionCase, after: str, word: str) -> str:
    toolchain = TOOLCHAINS.get(case.language)
    if toolchain is not None:
        return json.dumps({**toolchain.job(after, case.tests, word), "answer": word})
    job = {"action": case.action, "before": case.source, "after": after, "tests": case.tests}
    return json.dumps({**job, "answer": word})


def _environment(case: ActionCase) -> Mapping[str, str]:
    toolchain = TOOLCHAINS.get(case.language)
    return _ENVIRONMENT | ({"PATH": toolchain.path(), "TMPDIR": "."} if toolchain else {})


def _unusable(case: ActionCase) -> str:
    try:
        verdict = judged(case, case.reference)
    except CloisterError as error:
        return str(error)
    return f"A program that is right {verdict.problem}." if verdict.problem else ""


def _exit_code(process: "subprocess.Popen[str]", job: str, most_seconds: float) -> int | None:
    """Return how the process ended, None when it took too long."""
    try:
        process.communicate(job, most_seconds)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end(process)
    is_timed_out = process.returncode in {-signal.SIGXCPU, -signal.SIGKILL}
    return None if is_timed_out else process.returncode


def _end(process: "subprocess.Popen[str]") -> None:
    """Kill the process with all that it may have started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _told(answer: Path) -> Verdict | None:
    """Return the verdict that the process wrote down, None when there is none."""
    try:
        told = json.loads(answer.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if unheld := told.get("unheld"):
        raise CloisterError(f"Model-written code is not run, because nothing holds it: {unheld}")
    return Verdict(told["parses"], told["problem"])


def _ended(code: int | None, said: IO[bytes], word: str) -> Verdict:
    """Return what the end of a process says that told no verdict."""
    if code is None:
        return Verdict(parses=True, problem="takes too long", stopped=True)
    if code != 0:
        return Verdict(parses=True, problem="a hidden test fails")
    said.seek(0)
    if word.encode() in said.read():
        return Verdict(parses=True)
    return Verdict(parses=True, problem="ends without a result", stopped=True)
