"""What differs from the last commit: what somebody is working on.

Contents are compared as they lie on the disk, because the filters that git would apply are
programs that a configuration names. So a file whose line ends git converts may count as changed.
"""

import os
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path

from dulwich.index import ConflictedIndexEntry, IndexEntry
from dulwich.objects import Blob

from cloister.workspace.files.content import MAX_SOURCE_BYTES
from cloister.workspace.files.regular import read_regular
from cloister.workspace.git.history import blob_text, file_of, files_of
from cloister.workspace.git.index_file import read_index
from cloister.workspace.git.repository import Repository, head_commit, path_in_workspace

_NS_PER_SECOND = 1_000_000_000


def head_text(repository: Repository, path: str) -> str | None:
    """Return the text of a file in the last commit; None when it has none worth reading there."""
    head = head_commit(repository)
    blob_id = None if head is None else file_of(repository, head.id.decode(), path)
    return None if blob_id is None else blob_text(repository, blob_id, path)


def changed_paths(repository: Repository, most: int = 1_000) -> list[str]:
    """Return at most `most` files on the disk that git knows and whose text it has not committed.

    Files that git does not know yet are not among them.
    """
    head = head_commit(repository)
    committed = {} if head is None else files_of(repository, head.id.decode())
    return list(islice(_differing(repository, committed), most))


def _differing(repository: Repository, committed: Mapping[str, str]) -> Iterator[str]:
    index = repository.git_folder / "index"
    entries = read_index(index) or {}
    # What was written at that moment or later may differ although its time does not.
    trusted_ns = index.stat().st_mtime_ns if entries else 0
    for name, entry in sorted(entries.items()):
        path = path_in_workspace(repository, name)
        if path is None:
            continue
        is_staged = isinstance(entry, ConflictedIndexEntry) or (
            committed.get(path) != entry.sha.decode()
        )
        whole = repository.top / os.fsdecode(name)
        if (is_staged and whole.is_file()) or _is_edited(whole, entry, trusted_ns):
            yield path


def _is_edited(path: Path, entry: IndexEntry | ConflictedIndexEntry, trusted_ns: int) -> bool:
    if isinstance(entry, ConflictedIndexEntry):
        return False
    try:
        found = path.lstat()
        is_as_known = found.st_size == entry.size and _has_time(entry, found.st_mtime_ns)
        if is_as_known and found.st_mtime_ns < trusted_ns:
            return False
        data, _ = read_regular(str(path), MAX_SOURCE_BYTES + 1)
    except OSError:
        return False
    return len(data) <= MAX_SOURCE_BYTES and Blob.from_string(data).id != entry.sha


def _has_time(entry: IndexEntry, mtime_ns: int) -> bool:
    if not isinstance(entry.mtime, tuple):
        return False
    seconds, nanoseconds = entry.mtime
    # Some programs write no fractions.
    known_ns = seconds * _NS_PER_SECOND + nanoseconds
    return known_ns == (mtime_ns if nanoseconds else mtime_ns - mtime_ns % _NS_PER_SECOND)
