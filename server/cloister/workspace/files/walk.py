"""Finding the source files of a workspace, the nearest to its root first.

No symbolic link is followed: what it leads to is either outside, or found under its own name. What
vanishes or may not be read during the walk is passed over. Every bound is a reason to stop or to
pass over that `on_skip` hears of.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path, PurePath

from cloister.syntax.languages import language_for_path
from cloister.workspace.files.ignore import MARKS, Scope, is_put_aside, scope_around
from cloister.workspace.files.secret import is_secret_name


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A regular file that may be read; `path` is relative to the root, with slashes."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class WalkLimits:
    """How far a walk goes; entries count whether they are of use or not."""

    n_entries: int = 2_000_000
    n_files: int = 200_000
    depth: int = 100
    seconds: float = 120.0


class Skip(StrEnum):
    """Why something was passed over."""

    NOT_READABLE = "cannot be read"
    NOT_UTF8 = "its name is not UTF-8"
    SECRET = "its name is that of a secret"  # noqa: S105  # a reason, no password
    TOO_DEEP = "too many folders inside each other"
    # The walk ends here: what was not found need not be gone.
    TOO_MANY = "too many files"
    TOO_SLOW = "the walk takes too long"


OnSkip = Callable[[str, Skip], None]
ENDS_THE_WALK = frozenset({Skip.TOO_MANY, Skip.TOO_SLOW})
DEFAULT_LIMITS = WalkLimits()


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder that waits for its turn; `path` is empty or ends with a slash."""

    path: str
    depth: int
    scope: Scope


def walk(
    root: Path,
    limits: WalkLimits = DEFAULT_LIMITS,
    on_skip: OnSkip = lambda _path, _skip: None,
) -> Iterator[FileEntry]:
    """Yield every regular file below `root` that some language knows and that may be indexed."""
    n_files = 0
    for folder, entries in _listed_folders(root, limits, on_skip):
        for found in _files(folder, entries, on_skip):
            if n_files == limits.n_files:
                on_skip(found.path, Skip.TOO_MANY)
                return
            n_files += 1
            yield found


def _listed_folders(
    root: Path, limits: WalkLimits, on_skip: OnSkip
) -> Iterator[tuple[_Folder, list[os.DirEntry[str]]]]:
    deadline = time.monotonic() + limits.seconds
    n_left = limits.n_entries
    waiting = deque([_Folder("", 0, scope_around(root))])
    while waiting:
        folder = waiting.popleft()
        if time.monotonic() >= deadline:
            on_skip(folder.path, Skip.TOO_SLOW)
            return
        entries = _entries(folder, n_left, on_skip)
        n_left -= len(entries)
        entered = _entered(folder, entries)
        if entered is not None:
            yield entered, entries
            waiting.extend(_folders(entered, entries, limits.depth, on_skip))
        if n_left <= 0:
            on_skip(folder.path, Skip.TOO_MANY)
            return


def _entries(folder: _Folder, most: int, on_skip: OnSkip) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder.scope.folder) as found:
            return sorted(islice(found, most), key=lambda entry: entry.name)
    except OSError:
        on_skip(folder.path, Skip.NOT_READABLE)
        return []


def _entered(folder: _Folder, entries: list[os.DirEntry[str]]) -> _Folder | None:
    """Return the folder with the rules that it sets itself; None when it is left out for them."""
    marks = MARKS.intersection(entry.name for entry in entries)
    if folder.path and is_put_aside(marks):
        return None
    return _Folder(folder.path, folder.depth, folder.scope.with_marks(marks))


def _files(
    folder: _Folder, entries: list[os.DirEntry[str]], on_skip: OnSkip
) -> Iterator[FileEntry]:
    for entry in entries:
        found = _file(folder, entry)
        if isinstance(found, FileEntry):
            yield found
        elif found is not None:
            on_skip(folder.path + entry.name, found)


def _file(folder: _Folder, entry: os.DirEntry[str]) -> FileEntry | Skip | None:
    """Return None for what is no source file, or ignored."""
    path = folder.path + entry.name
    try:
        if language_for_path(PurePath(entry.name)) is None or not entry.is_file(
            follow_symlinks=False
        ):
            return None
        if is_secret_name(entry.name):
            return Skip.SECRET
        if folder.scope.ignores_file(entry.name):
            return None
        path.encode()
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return Skip.NOT_READABLE
    except UnicodeEncodeError:
        return Skip.NOT_UTF8
    return FileEntry(path, found.st_size, found.st_mtime_ns)


def _folders(
    folder: _Folder, entries: list[os.DirEntry[str]], depth: int, on_skip: OnSkip
) -> Iterator[_Folder]:
    for entry in entries:
        if not _is_folder(entry) or folder.scope.ignores_folder(entry.name):
            continue
        path = f"{folder.path}{entry.name}/"
        if folder.depth == depth:
            on_skip(path, Skip.TOO_DEEP)
        else:
            yield _Folder(path, folder.depth + 1, folder.scope.inside(entry.name))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False
