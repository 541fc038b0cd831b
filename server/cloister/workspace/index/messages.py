"""What the front-end and the index worker say to each other: a line of JSON each."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

# Longer lists are cut into several lines by who sends, or replaced by a look at everything.
_MOST_LINE_CHARS = 1_000_000


class WorkerState(StrEnum):
    """What the worker does; OFF means that it does not start any more."""

    STARTING = "starting"
    # Another window's worker writes the index.
    WAITING = "waiting"
    INDEXING = "indexing"
    READY = "ready"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class WorkerReport:
    """What the worker does now: `done` of `total` files while indexing, else all `files`.

    The problem is a sentence for people, empty when there is none.
    """

    state: WorkerState
    done: int = 0
    total: int = 0
    files: int = 0
    problem: str = ""

    def line(self) -> str:
        """Return the report as one line of text."""
        return json.dumps(asdict(self)) + "\n"


def report_from(line: bytes) -> WorkerReport | None:
    """Return the report that a line holds; None when it is none."""
    facts = _object(line)
    try:
        numbers = (int(facts["done"]), int(facts["total"]), int(facts["files"]))
        return WorkerReport(WorkerState(facts["state"]), *numbers, str(facts["problem"]))
    except (KeyError, TypeError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Command:
    """Paths that have changed, or the end."""

    changed: tuple[str, ...] = ()
    stop: bool = False

    def line(self) -> str:
        """Return the command as one line of text."""
        return json.dumps({"changed": self.changed, "stop": self.stop}) + "\n"


def command_from(line: bytes) -> Command:
    """Return the command that a line holds; one that asks for nothing when it is none."""
    facts = _object(line)
    paths = facts.get("changed", ())
    listed = paths if isinstance(paths, list) else []
    changed = tuple(path for path in listed if isinstance(path, str))
    return Command(changed, stop=facts.get("stop") is True)


def _object(line: bytes) -> dict[str, Any]:
    try:
        facts = json.loads(line[:_MOST_LINE_CHARS])
    except (ValueError, RecursionError):
        return {}
    return facts if isinstance(facts, dict) else {}
