"""The files of an index with their numbers, and what imports see of them.

Reading them all takes longer than an update of one file, so who makes many small updates keeps it.
"""

import sqlite3
from collections.abc import Collection, Mapping
from pathlib import Path

from cloister.workspace.files.content import SourceFile, read_source
from cloister.workspace.imports import Project


class Catalogue:
    """Every path of an index with its number, brought up to date by who writes the index."""

    def __init__(self, root: Path, connection: sqlite3.Connection) -> None:
        self._root = root
        self._numbers: dict[str, int] = dict(connection.execute("SELECT path, id FROM files"))
        self._project: Project | None = None

    @property
    def numbers(self) -> Mapping[str, int]:
        """The number of every path."""
        return self._numbers

    @property
    def project(self) -> Project:
        """The files as imports see them."""
        if self._project is None:
            self._project = Project(self._numbers.keys(), self._text_of)
        return self._project

    def add(self, numbers: Mapping[str, int]) -> None:
        """Take in files that are looked at."""
        if not numbers.keys() <= self._numbers.keys():
            self._project = None
        self._numbers.update(numbers)

    def remove(self, paths: Collection[str]) -> list[int]:
        """Forget files that are gone, and return their numbers."""
        if paths:
            self._project = None
        return [self._numbers.pop(path) for path in paths]

    def note_changes(self, paths: Collection[str]) -> None:
        """Hear of changed files, because some may say what imports mean."""
        if self._project is not None and self._project.has_read_any(paths):
            self._project = None

    def _text_of(self, path: str) -> str | None:
        source = read_source(self._root, path)
        return source.text if isinstance(source, SourceFile) else None
