"""Keeps which files change together, as the repository's history has it.

The history is read in a process of its own: it takes seconds and memory, and whatever a damaged
repository does to the reader stays there.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from cloister.settings.small_file import read_small_file
from cloister.workspace.index.apart import run_apart

_MOST_OTHERS = 20
_PATIENCE_SECONDS = 60.0

Pairs = Mapping[tuple[str, str], float]


def update_co_changes(root: Path, connection: sqlite3.Connection) -> None:
    """Read the history when there are new commits; nothing changes where there is none."""
    facts = dict(connection.execute("SELECT name, value FROM facts").fetchall())
    stamp = _stamp(root)
    if stamp and stamp == facts.get("head_stamp"):
        return
    found = run_apart(lambda: _read_history(root, facts.get("head", "")), _PATIENCE_SECONDS)
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT OR REPLACE INTO facts VALUES ('head_stamp', ?)", (stamp,))
        if found is not None:
            _write(connection, *found)


def _stamp(root: Path) -> str:
    """Return what tells, without reading objects, that HEAD is the same; empty where nothing does.

    Only a repository that begins at the root has one: others are read each time.
    """
    folder = root / ".git"
    try:
        head = read_small_file(folder / "HEAD").decode()
    except (OSError, UnicodeDecodeError):
        return ""
    branch = head.removeprefix("ref:").strip()
    places = (folder / branch, folder / "packed-refs")
    return f"{head} {[_file_stamp(place) for place in places]}"


def _file_stamp(place: Path) -> tuple[int, ...]:
    try:
        found = place.stat()
    except (OSError, ValueError):
        return ()
    return found.st_ino, found.st_size, found.st_mtime_ns


def _read_history(root: Path, known_head: str) -> tuple[str, Pairs] | None:
    from cloister.workspace.git.co_changes import co_changes
    from cloister.workspace.git.repository import head_commit, open_repository

    with open_repository(root) as repository:
        commit = None if repository is None else head_commit(repository)
        if repository is None or commit is None or commit.id.decode() == known_head:
            return None
        return commit.id.decode(), co_changes(repository)


def _write(connection: sqlite3.Connection, head: str, pairs: Pairs) -> None:
    numbers = dict(connection.execute("SELECT path, id FROM files").fetchall())
    others: defaultdict[int, list[tuple[float, int]]] = defaultdict(list)
    for (path, other), weight in pairs.items():
        if path in numbers and other in numbers:
            others[numbers[path]].append((weight, numbers[other]))
            others[numbers[other]].append((weight, numbers[path]))
    rows = [
        (file, other, weight)
        for file, weighted in others.items()
        for weight, other in sorted(weighted, reverse=True)[:_MOST_OTHERS]
    ]
    connection.execute("DELETE FROM co_changes")
    connection.executemany("INSERT INTO co_changes VALUES (?, ?, ?)", rows)
    connection.execute("INSERT OR REPLACE INTO facts VALUES ('head', ?)", (head,))
