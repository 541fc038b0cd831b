"""What the `.cloister.toml` of a folder says: read when it has changed, else only looked at.

Only a regular file is read, and only so much of it; everything else that bears the name counts as
`local-only`, because somebody wanted something there. A pattern that was read once denies as long
as this process runs, whatever becomes of its file.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cloister.settings.repository_file import (
    MAX_REPOSITORY_FILE_BYTES,
    REPOSITORY_FILE_NAME,
    RepositoryFile,
    parse_repository_file,
)
from cloister.workspace.files.regular import read_regular
from cloister.workspace.protection.globs import DenyGlobs, GlobError, parse_globs

OnProblems = Callable[[Sequence[str]], None]
"""Hears what is wrong, in sentences for people."""

_MOST_KEPT = 1_000
# Ten whole files' worth; a file that says ever more is a file that denies everything.
_MOST_HELD_PATTERNS = 2_000
_Version = tuple[int, ...]
# A path through a file that is no folder, or with a name that no file can have.
_ABSENT = {errno.ENOENT, errno.ENOTDIR}


@dataclass(frozen=True, slots=True)
class Mark:
    """What the file at `path` says; `sha256` is that of its bytes, empty where there are none."""

    path: Path
    said: RepositoryFile
    deny: DenyGlobs
    sha256: str = ""


class Marks:
    """The marks of all folders, as they are now; `on_problems` hears a sentence per mistake."""

    def __init__(self, on_problems: OnProblems = lambda _problems: None) -> None:
        self._on_problems = on_problems
        self._kept: dict[str, tuple[_Version, Mark]] = {}
        self._held: dict[str, DenyGlobs] = {}

    def of_folder(self, folder: str) -> Mark | None:
        """Return what a folder's mark says; None when it has none."""
        return self.at(mark_path(folder))

    def at(self, path: str) -> Mark | None:
        """Return what a file with rules says; None when there is no such file."""
        version = _version(path)
        if version is None:
            self._kept.pop(path, None)
            return None
        kept = self._kept.get(path)
        if kept is not None and kept[0] == version:
            return kept[1]
        mark = _read(path, version)
        if sentences := _sentences(mark):
            self._on_problems(sentences)
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        self._kept[path] = version, mark
        self._hold(path, mark.deny)
        return mark

    def denial(self, path: str, rest: str) -> str | None:
        """Return the rule at `path` that denies a file, by what was found there up to now.

        `rest` is the file's path below the rule's folder. None when there is no such rule; nothing
        is looked at, see `at`.
        """
        said = self._kept[path][1].deny if path in self._kept else None
        if said is not None and (glob := said.match(rest)) is not None:
            return f"`deny` has {glob[:60]!a}"
        held = self._held.get(path)
        if held is None or held is said or (glob := held.match(rest)) is None:
            return None
        return f"`deny` had {glob[:60]!a} when cloister started or since; restart it"

    def _hold(self, path: str, deny: DenyGlobs) -> None:
        held = self._held.get(path)
        if held is None or not held.patterns:
            self._held[path] = deny
            return
        globs = dict.fromkeys(glob for glob, _ in (*held.patterns, *deny.patterns))
        if len(globs) > len(held.patterns):
            all_of_them = tuple(globs) if len(globs) <= _MOST_HELD_PATTERNS else ("*",)
            self._held[path] = parse_globs(all_of_them)


def mark_path(folder: str) -> str:
    """Return where the mark of a folder is, or would be."""
    return f"{folder.rstrip(os.sep)}/{REPOSITORY_FILE_NAME}"


def _version(path: str) -> _Version | None:
    """Return what tells two states of a file apart, None when it is absent."""
    try:
        facts = os.lstat(path)
    except OSError as error:
        # Above a folder that may not be entered there could be a mark.
        return None if error.errno in _ABSENT else (error.errno or -1,)
    return (
        facts.st_mode,
        facts.st_dev,
        facts.st_ino,
        facts.st_size,
        facts.st_mtime_ns,
        facts.st_ctime_ns,
    )


def _read(path: str, version: _Version) -> Mark:
    broken = _reason_against(version)
    try:
        # One byte more than it may have shows that it has too many.
        data = b"" if broken else read_regular(path, MAX_REPOSITORY_FILE_BYTES + 1)[0]
    except OSError as error:
        broken, data = _cannot_be_read(error.errno), b""
    said = RepositoryFile(broken=broken) if broken else parse_repository_file(data)
    try:
        deny = parse_globs(said.deny)
    except GlobError as error:
        said = RepositoryFile(local_only=said.local_only, broken=str(error))
        deny = parse_globs(())
    return Mark(Path(path), said, deny, hashlib.sha256(data).hexdigest() if data else "")


def _reason_against(version: _Version) -> str:
    if len(version) == 1:
        return _cannot_be_read(version[0])
    mode, _, _, size, _, _ = version
    if not stat.S_ISREG(mode):
        return "it is not a regular file"
    if size > MAX_REPOSITORY_FILE_BYTES:
        return f"it is larger than {MAX_REPOSITORY_FILE_BYTES // 1024} KB"
    return ""


def _cannot_be_read(number: int | None) -> str:
    return f"it cannot be read: {os.strerror(number or 0)}"


def _sentences(mark: Mark) -> tuple[str, ...]:
    if mark.said.broken:
        return (f"{mark.path} counts as local-only, because {mark.said.broken}; correct it.",)
    return tuple(f"{mark.path}: {problem}" for problem in mark.said.problems)
