"""What a person wants to know when nothing appears: every part, whether it works, what to do.

Nothing here is changed, started or sent; each check is one sentence of facts or of advice.
"""

import platform
import shutil
import sqlite3
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from cloister import __version__
from cloister.core.errors import CloisterError, SettingsError
from cloister.core.outcome import Outcome, OutcomeKind
from cloister.core.privacy import Verdict
from cloister.egress.audit.files import audit_folder
from cloister.engine.sandbox import Isolation, IsolationLevel
from cloister.engine.status import EngineStatus
from cloister.features.model_report import Purpose, report_model
from cloister.models.catalogue import resolve_model
from cloister.settings.settings import Settings
from cloister.settings.user_file import read_user_file, user_file_path
from cloister.settings.user_folders import UserFolders
from cloister.workspace.index.build import look_up
from cloister.workspace.index.location import index_database

_EDITORS = ("nvim", "code", "codium", "cursor", "vim", "hx", "zed", "emacs", "subl", "kate")
_LIBRARIES = ("llama-cpp-python", "pygls", "tree-sitter")
_MOST_PROBLEMS = 5
_MOST_LOG_BYTES = 200_000
_LOG_LEVELS = (" WARNING ", " ERROR ", " CRITICAL ")
_MEGABYTE = 1_000_000


class State(StrEnum):
    """How a part is: a NOTE needs nobody, a PROBLEM does."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """One part and what is known of it, in a sentence."""

    name: str
    state: State
    text: str


def check_program() -> Check:
    """Return which versions run here."""
    libraries = ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    system = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return Check("cloister", State.OK, f"{__version__}, {system}, {libraries}")


def check_settings(folders: UserFolders) -> tuple[Settings, Check]:
    """Return the user's settings, the defaults where they cannot be read, and what is wrong."""
    path = user_file_path(folders)
    try:
        settings, problems = read_user_file(path)
    except SettingsError as error:
        return Settings(), Check("settings", State.PROBLEM, str(error))
    if problems:
        return settings, Check("settings", State.PROBLEM, " ".join(problems))
    if not settings.enabled:
        return settings, Check("settings", State.PROBLEM, f"{path} switches completions off.")
    text = str(path) if path.exists() else f"no file at {path}, so every setting has its default"
    return settings, Check("settings", State.OK, text)


def check_model(settings: Settings) -> Check:
    """Return what is known of the chosen model without loading it."""
    try:
        model = resolve_model(settings.model)
    except CloisterError as error:
        return Check("model", State.PROBLEM, str(error))
    report = report_model(model)
    if objection := report.objection(Purpose.COMPLETION):
        return Check("model", State.PROBLEM, f"{model.name} does not complete: {objection}.")
    size = f"{report.size_bytes / _MEGABYTE:.0f} MB"
    if report.fits is False:
        text = f"{model.name} ({size}) needs more memory than is free; choose a smaller one."
        return Check("model", State.PROBLEM, text)
    return Check("model", State.OK, f"{model.name}, {size}, at {model.path}")


def check_isolation(isolation: Isolation) -> Check:
    """Return what keeps a process such as an editor's off the network here."""
    if isolation.level is IsolationLevel.KERNEL:
        return Check("isolation", State.OK, f"by the kernel. {isolation.reason}")
    text = f"{isolation.level}, not by the kernel. {isolation.reason}"
    return Check("isolation", State.PROBLEM, text)


def check_engine(status: EngineStatus | None) -> Check:
    """Return what the running engine says of itself."""
    if status is None:
        return Check("engine", State.NOTE, "not running; the next completion starts it")
    models = ", ".join(model.name for model in status.models) or "no model"
    facts = f"runs with {models}, {status.resident_bytes / _MEGABYTE:.0f} MB"
    held = f"isolation {status.isolation}. {status.isolation_reason}"
    is_held = status.isolation == IsolationLevel.KERNEL
    return Check("engine", State.OK if is_held else State.PROBLEM, f"{facts}; {held}")


def check_completion(outcome: Outcome, total_ms: float) -> Check:
    """Return how a completion of three lines ended."""
    if outcome.kind in (OutcomeKind.FAILED, OutcomeKind.LATE, OutcomeKind.DECLINED):
        reason = outcome.reason or str(outcome.kind)
        return Check("completion", State.PROBLEM, reason)
    reason = f" ({outcome.reason})" if outcome.reason else ""
    return Check("completion", State.OK, f"{outcome.kind} after {total_ms:.0f} ms{reason}")


def check_policy(folder: Path, verdict: Verdict) -> Check:
    """Return how far text of the folder may go, and which rule says so."""
    layer = verdict.decided_by
    where = "" if layer.path is None else f" ({layer.path})"
    return Check("policy", State.OK, f"{verdict.level.label} in {folder}: {layer.rule}{where}")


def check_index(root: Path, folders: UserFolders) -> Check:
    """Return what the index of a workspace holds."""
    try:
        summary = look_up(index_database(root, folders))
    except (OSError, sqlite3.Error):
        return Check("index", State.PROBLEM, f"of {root} is damaged; run `cloister index {root}`.")
    if not summary.files:
        return Check("index", State.NOTE, f"none of {root} yet; editors make it by themselves")
    return Check("index", State.OK, f"{summary.files} files and {summary.symbols} names of {root}")


def check_editors() -> Check:
    """Return the editors that are installed, by the names of their programs."""
    found = ", ".join(name for name in _EDITORS if shutil.which(name))
    return Check("editors", State.OK, found) if found else _no_editor()


def check_logs(engine_log: Path, folders: UserFolders) -> Check:
    """Return where is written what happened."""
    places = f"engine {engine_log}; what left the machine {audit_folder(folders)}"
    return Check("logs", State.OK, f"{places}; editors keep the server's own")


def check_problems(engine_log: Path) -> Check:
    """Return the last warnings of the engine's log, which never holds source text."""
    try:
        with engine_log.open("rb") as file:
            file.seek(max(0, engine_log.stat().st_size - _MOST_LOG_BYTES))
            lines = file.read(_MOST_LOG_BYTES).decode(errors="replace").splitlines()
    except FileNotFoundError:
        return Check("problems", State.OK, "none on record")
    except OSError as error:
        return Check("problems", State.PROBLEM, f"{engine_log} cannot be read: {error.strerror}.")
    last = deque((line for line in lines if _is_problem(line)), _MOST_PROBLEMS)
    if not last:
        return Check("problems", State.OK, "none on record")
    return Check("problems", State.NOTE, "; ".join(last))


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "(missing)"


def _no_editor() -> Check:
    return Check("editors", State.NOTE, f"none of {', '.join(_EDITORS)} is on the PATH")


def _is_problem(line: str) -> bool:
    return any(level in line for level in _LOG_LEVELS)
