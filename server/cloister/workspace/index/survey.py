"""What files there are: of the whole root, or among some paths.

A walk that could not look everywhere says so, because what it did not see need not be gone: a root
on a drive that was unplugged must not empty the index.
"""

import sqlite3
import stat
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cloister.syntax.languages import language_for_path
from cloister.workspace.files.ignore import IgnoreRules
from cloister.workspace.files.walk import ENDS_THE_WALK, FileEntry, Skip, walk
from cloister.workspace.index.schema import open_for_writing


@dataclass(frozen=True, slots=True)
class Survey:
    """The files that were found, and which of the others are gone for sure.

    With `among` only these paths were looked for; `unseen` are folders that could not be read, with
    a slash at their end, or files; the empty one stands for everything.
    """

    entries: Collection[FileEntry]
    among: Collection[str] | None = None
    unseen: tuple[str, ...] = ()

    def gone(self, known: Iterable[str]) -> list[str]:
        """Return the known paths that are not there any more."""
        found = {entry.path for entry in self.entries}
        missing = [path for path in known if path not in found]
        if self.among is not None:
            return [path for path in missing if path in self.among]
        return [path for path in missing if not path.startswith(self.unseen)]


def survey_root(root: Path) -> Survey:
    """Look at everything below the root."""
    unseen: list[str] = []

    def note(path: str, skip: Skip) -> None:
        if skip in ENDS_THE_WALK:
            unseen.append("")
        elif skip is Skip.NOT_READABLE:
            unseen.append(path)

    return Survey(list(walk(root, on_skip=note)), None, tuple(unseen))


def open_and_survey(root: Path, database: Path) -> tuple[sqlite3.Connection, Survey]:
    """Open the database for writing and look at everything; raises as `open_for_writing` does.

    SQLite reads the whole database for its check, so a thread, gone at the end, looks meanwhile.
    """
    with ThreadPoolExecutor(1) as thread:
        looking = thread.submit(survey_root, root)
        connection = open_for_writing(database)
        return connection, looking.result()


def survey_paths(root: Path, paths: Collection[str]) -> Survey:
    """Look at some files; what an ignore file or their names leave out counts as gone."""
    rules = IgnoreRules(root)
    entries = (_entry(root, path, rules) for path in sorted(set(paths)))
    return Survey([entry for entry in entries if entry is not None], frozenset(paths))


def _entry(root: Path, path: str, rules: IgnoreRules) -> FileEntry | None:
    if language_for_path(PurePosixPath(path)) is None or rules.ignores(path):
        return None
    try:
        facts = (root / path).lstat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(facts.st_mode):
        return None
    return FileEntry(path, facts.st_size, facts.st_mtime_ns)
