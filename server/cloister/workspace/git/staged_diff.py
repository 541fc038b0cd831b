"""What would be committed now: the files in which the index differs from the last commit.

Names come first and texts afterwards, so that what enters no prompt is never read. Both are bounded
in number, size and time. Of what is binary, large, generated or no regular file there is no text.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dulwich.index import EXTENDED_FLAG_INTEND_TO_ADD, ConflictedIndexEntry
from dulwich.objects import ObjectID, Tree
from dulwich.refs import HEADREF

from cloister.core.errors import CloisterError
from cloister.workspace.git.history import blob_text
from cloister.workspace.git.index_file import Entries, read_index
from cloister.workspace.git.repository import (
    Repository,
    head_tree,
    path_in_workspace,
    read_object,
)

_MOST_ENTRIES = 500_000
_MAX_DEPTH = 100
_MOST_SECONDS = 10.0
_KIND = 0o170000
_REGULAR = 0o100000
_FOLDER = 0o040000
_WHAT_ELSE = {0o120000: "a symbolic link", 0o160000: "a submodule"}


@dataclass(frozen=True, slots=True)
class Blob:
    """One side of a file: its mode and the name of what it holds."""

    mode: int
    id: str


@dataclass(frozen=True, slots=True)
class StagedEntry:
    """A file that differs; a side is None where there is no such file."""

    path: str
    old: Blob | None
    new: Blob | None


@dataclass(frozen=True, slots=True, repr=False)
class StagedFile:
    """The two texts of a file, empty where `hidden` says why they are not worth reading."""

    entry: StagedEntry
    old_text: str = ""
    new_text: str = ""
    hidden: str = ""


def staged_entries(repository: Repository) -> list[StagedEntry]:
    """Return every file of a repository, opened at its top, that would be committed, by path.

    Raises CloisterError where git's own files cannot be read, or while there are conflicts.
    """
    before = _committed(repository)
    after = _staged(_next_index(repository.git_folder))
    changed = sorted(path for path in before.keys() | after if before.get(path) != after.get(path))
    return [
        StagedEntry(name, before.get(path), after.get(path))
        for path in changed
        if (name := path_in_workspace(repository, path)) is not None
    ]


def staged_files(repository: Repository, entries: Iterable[StagedEntry]) -> list[StagedFile]:
    """Return the files with their texts; after a while the rest of them without."""
    deadline = time.monotonic() + _MOST_SECONDS
    return [
        _read(repository, entry)
        if time.monotonic() < deadline
        else StagedFile(entry, hidden="not read")
        for entry in entries
    ]


def _read(repository: Repository, entry: StagedEntry) -> StagedFile:
    sides: Sequence[Blob] = [side for side in (entry.old, entry.new) if side is not None]
    kinds = [side.mode & _KIND for side in sides]
    if any(kind != _REGULAR for kind in kinds):
        what = next((_WHAT_ELSE[kind] for kind in kinds if kind in _WHAT_ELSE), "no regular file")
        return StagedFile(entry, hidden=what)
    if entry.old is not None and entry.new is not None and entry.old.id == entry.new.id:
        return StagedFile(entry, hidden="only its mode")
    texts = [
        "" if side is None else blob_text(repository, side.id, entry.path)
        for side in (entry.old, entry.new)
    ]
    old_text, new_text = texts
    if old_text is None or new_text is None:
        return StagedFile(entry, hidden="binary, generated or large")
    return StagedFile(entry, old_text, new_text)


def _committed(repository: Repository) -> dict[bytes, Blob]:
    tree = head_tree(repository)
    if tree is None and _is_before_first_commit(repository):
        return {}
    deadline = time.monotonic() + _MOST_SECONDS
    found = dict[bytes, Blob]()
    for path, blob in _blobs(repository, tree, b"", 0):
        # Folders are told of as well: there may be ever more of them and no file in any.
        if blob is not None:
            found[path] = blob
        if len(found) > _MOST_ENTRIES or time.monotonic() > deadline:
            raise CloisterError("The repository is too large to be compared; write the message.")
    return found


def _is_before_first_commit(repository: Repository) -> bool:
    try:
        return repository.refs.follow(HEADREF)[1] is None
    except Exception:  # noqa: BLE001  # damaged references fail in many ways
        return False


def _blobs(
    repository: Repository, tree_id: ObjectID | None, folder: bytes, depth: int
) -> Iterator[tuple[bytes, Blob | None]]:
    """Yield every file, and every folder with nothing beside its path."""
    tree = None if tree_id is None else read_object(repository, tree_id, Tree)
    if tree is None or depth > _MAX_DEPTH:
        raise _unreadable("last commit")
    for entry in tree.items():
        path = folder + entry.path
        if entry.mode & _KIND == _FOLDER:
            yield path, None
            yield from _blobs(repository, entry.sha, path + b"/", depth + 1)
        else:
            yield path, Blob(entry.mode, entry.sha.decode())


def _next_index(git_folder: Path) -> Entries:
    """Return the index that the next commit is made from.

    While git waits for the message of `commit --all` it is the lock beside the usual one, and for
    `commit PATH` a third one. A lock may also be another command's, and half written.
    """
    usual, lock = git_folder / "index", git_folder / "index.lock"
    if lock.is_file():
        for path in (*sorted(git_folder.glob("next-index-*.lock")), lock):
            if (entries := read_index(path)) is not None:
                return entries
    entries = read_index(usual) if usual.exists() else {}
    if entries is None:
        raise _unreadable("index")
    return entries


def _staged(entries: Entries) -> dict[bytes, Blob]:
    found = dict[bytes, Blob]()
    for path, entry in entries.items():
        if isinstance(entry, ConflictedIndexEntry):
            raise CloisterError("There are conflicts in the index; solve them first.")
        if not entry.extended_flags & EXTENDED_FLAG_INTEND_TO_ADD:
            found[path] = Blob(entry.mode, entry.sha.decode())
    return found


def _unreadable(what: str) -> CloisterError:
    return CloisterError(f"Git's {what} cannot be read here; write the message yourself.")
