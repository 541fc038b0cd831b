"""Which lines differ from the last commit, found beside everything else and kept for a while.

Looking at every file of a repository takes longer than a keystroke, so a search takes what the last
look found.
"""

import difflib
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from cloister.workspace.git.changes import changed_paths, head_text
from cloister.workspace.git.repository import Repository, open_repository
from cloister.workspace.index.read import Index

_MOST_FILES = 8
_MOST_LINES = 5000
_FRESH_S = 15.0

ChangedLines = Mapping[str, tuple[range, ...]]


class ChangesWatch:
    """The lines that differ in the workspace at `root`; to be asked from one thread."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._changed: ChangedLines = {}
        self._looked = -_FRESH_S

    @property
    def lines(self) -> ChangedLines:
        """What the last look found."""
        return self._changed

    def look(self, index: Index) -> None:
        """Look again, unless the last look was a moment ago; never raises for what is in git."""
        if time.monotonic() - self._looked < _FRESH_S:
            return
        with open_repository(self._root) as repository:
            self._changed = dict(_changed_lines(repository, index)) if repository else {}
        self._looked = time.monotonic()


def _changed_lines(repository: Repository, index: Index) -> Iterator[tuple[str, tuple[range, ...]]]:
    for path in changed_paths(repository, _MOST_FILES):
        text = index.text_of(path)
        if text is not None:
            old = (head_text(repository, path) or "").split("\n")
            yield path, tuple(_different(old, text.split("\n")))


def _different(old: list[str], new: list[str]) -> Iterator[range]:
    if max(len(old), len(new)) > _MOST_LINES:
        return
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=True)
    for tag, _, _, first, last in matcher.get_opcodes():
        if tag in {"insert", "replace"}:
            yield range(first, last)
