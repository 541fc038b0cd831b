"""Resolves imports again when files came or went: another file may be what they mean now.

Only imports that have the name of such a file, or of its folder, in them are looked at.
"""

import re
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from cloister.core.outline import Import
from cloister.core.text import Span
from cloister.workspace.imports import Project
from cloister.workspace.index.batch import import_row
from cloister.workspace.index.write import IndexWriter

_WORD = re.compile(r"[\w-]+")
_NOWHERE = Span(0, 0)


def link_again(
    connection: sqlite3.Connection,
    writer: IndexWriter,
    project: Project,
    changed_paths: Collection[str],
) -> None:
    """Resolve the imports again that files which came or went may be meant by."""
    if not changed_paths:
        return
    names = {name for path in changed_paths for name in _names_of(path)}
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for module, name in _imported(connection):
            if not names.isdisjoint(_WORD.findall(f"{module} {name}")):
                _resolve_again(connection, writer, project, Import(module, name, "", _NOWHERE))


def _names_of(path: str) -> Iterator[str]:
    parts = PurePosixPath(path)
    yield parts.name.partition(".")[0]
    yield parts.parent.name


def _imported(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    return connection.execute("SELECT DISTINCT module, name FROM imports").fetchall()


def _resolve_again(
    connection: sqlite3.Connection, writer: IndexWriter, project: Project, imported: Import
) -> None:
    query = """
        SELECT imports.rowid, file, path, language, targets FROM imports
        JOIN files ON files.id = file WHERE module = ? AND name = ?
    """
    for row, file, path, language, targets in connection.execute(
        query, (imported.module, imported.name)
    ).fetchall():
        *_, paths = import_row(file, path, language, imported, project)
        if (new := writer.target_set(paths)) != targets:
            connection.execute("UPDATE imports SET targets = ? WHERE rowid = ?", (new, row))
