"""The marks that a commit changes, as they were: they still hold for what it changes with them.

A commit that takes a mark away, and often the files with it, shows once more what the mark kept
back, and on the disk there is nothing left that says so.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from cloister.core.errors import CloisterError
from cloister.settings.repository_file import (
    MAX_REPOSITORY_FILE_BYTES,
    REPOSITORY_FILE_NAME,
    RepositoryFile,
    parse_repository_file,
)
from cloister.workspace.git.history import blob_bytes
from cloister.workspace.git.repository import Repository
from cloister.workspace.git.staged_diff import StagedEntry
from cloister.workspace.protection.globs import DenyGlobs, GlobError, parse_globs, same_name

_MOST_MARKS = 100
_UNREADABLE = RepositoryFile(broken="it cannot be read")


@dataclass(frozen=True, slots=True)
class FormerMark:
    """What the mark at `path`, relative to the repository, said in the last commit."""

    path: str
    is_restricting: bool
    deny: DenyGlobs

    def denies(self, path: str) -> bool:
        """Return whether a file of the repository entered no prompt."""
        below = self._below(path)
        return below is not None and self.deny.match(below) is not None

    def keeps_here(self, path: str) -> bool:
        """Return whether a file of the repository could not leave this machine."""
        return self.is_restricting and self._below(path) is not None

    def _below(self, path: str) -> str | None:
        folder = same_name(self.path.removesuffix(REPOSITORY_FILE_NAME))
        name = same_name(path)
        return name.removeprefix(folder) if name.startswith(folder) else None


def former_marks(repository: Repository, entries: Iterable[StagedEntry]) -> tuple[FormerMark, ...]:
    """Return what the marks among the entries said; raises CloisterError for too many."""
    found = tuple(islice(_marks(repository, entries), _MOST_MARKS + 1))
    if len(found) > _MOST_MARKS:
        raise CloisterError(
            f"More than {_MOST_MARKS} files {REPOSITORY_FILE_NAME} change; write the message."
        )
    return found


def _marks(repository: Repository, entries: Iterable[StagedEntry]) -> Iterator[FormerMark]:
    for entry in entries:
        if entry.old is not None and entry.path.rpartition("/")[2] == REPOSITORY_FILE_NAME:
            data = blob_bytes(repository, entry.old.id, MAX_REPOSITORY_FILE_BYTES)
            said = _UNREADABLE if data is None else parse_repository_file(data)
            yield _mark(entry.path, said)


def _mark(path: str, said: RepositoryFile) -> FormerMark:
    try:
        return FormerMark(path, said.is_restricting, parse_globs(said.deny))
    except GlobError:
        return FormerMark(path, is_restricting=True, deny=parse_globs(()))
