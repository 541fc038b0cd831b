"""Which files an update has to look at: those whose size or time differ from what was noted.

A file that was changed right before or after it was read may change again without a new time, so
its text is compared as well, once. Times are compared for being equal and never for their order: a
clock that goes backwards costs a look at the text, nothing else.
"""

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cloister.workspace.files.walk import FileEntry
from cloister.workspace.index.batch import FileTask
from cloister.workspace.index.survey import Survey

# Most systems set times by a clock that ticks a hundred times a second or more often. A time of
# whole seconds is from one that does not: FAT has every other second.
_TICK_NS = 20_000_000
_COARSE_TICK_NS = 2_000_000_000
_SECOND_NS = 1_000_000_000

_NOTED = "SELECT path, id, size, mtime_ns, read_ns, digest FROM files"


@dataclass(frozen=True, slots=True)
class Plan:
    """Files to look at, paths that are gone, and how many files need no look."""

    tasks: Sequence[FileTask]
    gone: Sequence[str]
    unchanged: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the index has noted of a file."""

    number: int
    size: int
    mtime_ns: int
    read_ns: int
    digest: bytes | None


def known_files(
    connection: sqlite3.Connection, among: Collection[str] | None = None
) -> dict[str, Known]:
    """Return what was noted of every file, or of those at some paths, by path."""
    if among is None:
        rows = connection.execute(_NOTED).fetchall()
    else:
        found = (connection.execute(f"{_NOTED} WHERE path = ?", (path,)) for path in among)
        rows = [row for cursor in found for row in cursor]
    return {path: Known(*facts) for path, *facts in rows}


def plan_update(known: Mapping[str, Known], survey: Survey, first_free_number: int) -> Plan:
    """Compare what was found with what is known; new files are numbered."""
    tasks: list[FileTask] = []
    next_number = first_free_number
    for entry in survey.entries:
        facts = known.get(entry.path)
        stamp = (entry.size, entry.mtime_ns)
        if facts is None:
            tasks.append(FileTask(next_number, entry.path, *stamp))
            next_number += 1
        elif _may_differ(facts, entry):
            tasks.append(FileTask(facts.number, entry.path, *stamp, facts.digest))
    return Plan(tasks, survey.gone(known), len(survey.entries) - len(tasks))


def _may_differ(facts: Known, entry: FileEntry) -> bool:
    if (facts.size, facts.mtime_ns) != (entry.size, entry.mtime_ns):
        return True
    tick_ns = _TICK_NS if facts.mtime_ns % _SECOND_NS else _COARSE_TICK_NS
    return facts.mtime_ns + tick_ns > facts.read_ns
