"""Commits, newest first, and the trees and texts before and after them."""

import heapq
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from dulwich.diff_tree import TreeChange, tree_changes
from dulwich.object_store import tree_lookup_path
from dulwich.objects import Blob, Commit, ObjectID, Tree

from cloister.workspace.files.content import MAX_SOURCE_BYTES, NotIndexed, source_text
from cloister.workspace.git.repository import (
    Repository,
    head_commit,
    path_in_workspace,
    read_object,
)

_MOST_VISITED = 200_000
_MOST_ENTRIES = 500_000
_MAX_DEPTH = 100
_REGULAR = 0o100000
_FOLDER = 0o040000
_KIND = 0o170000


@dataclass(frozen=True, slots=True)
class CommitSummary:
    """A commit with one parent; `time` is in seconds since 1970."""

    id: str
    parent: str
    time: int


@dataclass(frozen=True, slots=True)
class ChangedBlob:
    """A file that differs between two commits; a name is None where there is no such file."""

    path: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that a commit changed; a text is None where the file is absent or not worth reading.

    A file that was only moved has its text on both sides.
    """

    path: str
    old_text: str | None
    new_text: str | None


def commits(repository: Repository, since: int, most: int) -> Iterator[CommitSummary]:
    """Yield commits with one known parent that are not older than `since`, the newest first."""
    return islice(_with_one_parent(repository, since), most)


def files_of(repository: Repository, commit_id: str) -> dict[str, str]:
    """Return the names of the blobs of a commit's regular files in the workspace, by path."""
    commit = read_object(repository, _object_id(commit_id), Commit)
    if commit is None:
        return {}
    return dict(islice(_files(repository, commit.tree, b"", 0), _MOST_ENTRIES))


def file_of(repository: Repository, commit_id: str, path: str) -> str | None:
    """Return the name of the blob of one file of a commit; None when it has no such file."""
    commit = read_object(repository, _object_id(commit_id), Commit)
    if commit is None:
        return None
    whole = repository.prefix + os.fsencode(path)
    try:
        _, blob_id = tree_lookup_path(repository.store.__getitem__, commit.tree, whole)
    except Exception:  # noqa: BLE001  # damaged objects fail in many ways
        return None
    return _name(blob_id)


def changed_blobs(repository: Repository, old: str, new: str, most: int) -> list[ChangedBlob]:
    """Return at most `most` files of the workspace that differ between two commits, by path."""
    trees = [read_object(repository, _object_id(name), Commit) for name in (old, new)]
    if None in trees:
        return []
    try:
        changes = tree_changes(
            repository.store, *(commit.tree for commit in trees if commit is not None)
        )
        found = (_changed_blob(repository, change) for change in changes)
        return list(islice((blob for blob in found if blob is not None), most))
    except Exception:  # noqa: BLE001  # damaged objects fail in many ways
        return []


def changed_files(repository: Repository, commit: CommitSummary, most: int) -> list[ChangedFile]:
    """Return at most `most` files that a commit changed, with their texts."""
    blobs = changed_blobs(repository, commit.parent, commit.id, most)
    removed = {blob.old for blob in blobs if blob.new is None}
    return [
        ChangedFile(
            path=blob.path,
            old_text=_text_of(repository, blob.new if blob.new in removed else blob.old, blob.path),
            new_text=_text_of(repository, blob.new, blob.path),
        )
        for blob in blobs
    ]


def blob_bytes(
    repository: Repository, blob_id: str, max_bytes: int = MAX_SOURCE_BYTES
) -> bytes | None:
    """Return what a blob holds; None when it is missing or larger."""
    blob = read_object(repository, _object_id(blob_id), Blob)
    return blob.data if blob is not None and blob.raw_length() <= max_bytes else None


def blob_text(repository: Repository, blob_id: str, path: str) -> str | None:
    """Return the text of a blob; None when the file at `path` would not be indexed with it."""
    data = blob_bytes(repository, blob_id)
    text = None if data is None else source_text(path, data)
    return None if isinstance(text, NotIndexed) else text


def _with_one_parent(repository: Repository, since: int) -> Iterator[CommitSummary]:
    head = head_commit(repository)
    waiting = [] if head is None else [(-head.commit_time, head.id, head)]
    seen = {commit_id for _, commit_id, _ in waiting}
    while waiting and len(seen) < _MOST_VISITED:
        _, _, commit = heapq.heappop(waiting)
        if commit.commit_time < since:
            return
        parents = _known_parents(repository, commit)
        if len(parents) == len(commit.parents) == 1:
            yield CommitSummary(_name(commit.id), _name(parents[0].id), commit.commit_time)
        for parent in parents:
            if parent.id not in seen:
                seen.add(parent.id)
                heapq.heappush(waiting, (-parent.commit_time, parent.id, parent))


def _known_parents(repository: Repository, commit: Commit) -> list[Commit]:
    """Return the parents that are here: a shallow clone ends at commits whose parents are not."""
    found = (read_object(repository, parent, Commit) for parent in commit.parents)
    return [parent for parent in found if parent is not None]


def _files(
    repository: Repository, tree_id: ObjectID, folder: bytes, depth: int
) -> Iterator[tuple[str, str]]:
    tree = read_object(repository, tree_id, Tree)
    for entry in () if tree is None or depth > _MAX_DEPTH else tree.items():
        path = folder + entry.path
        if entry.mode & _KIND == _FOLDER and _may_meet(path + b"/", repository.prefix):
            yield from _files(repository, entry.sha, path + b"/", depth + 1)
        elif entry.mode & _KIND == _REGULAR:
            inside = path_in_workspace(repository, path)
            if inside is not None:
                yield inside, _name(entry.sha)


def _may_meet(folder: bytes, prefix: bytes) -> bool:
    """Return whether a folder is in the workspace or on the way to it."""
    return folder.startswith(prefix) or prefix.startswith(folder)


def _changed_blob(repository: Repository, change: TreeChange) -> ChangedBlob | None:
    sides = [change.old, change.new]
    path = next((side.path for side in sides if side is not None and side.path), b"")
    inside = path_in_workspace(repository, path)
    old, new = (
        _name(side.sha)
        if side is not None and side.sha and side.mode and side.mode & _KIND == _REGULAR
        else None
        for side in sides
    )
    return None if inside is None or old == new else ChangedBlob(inside, old, new)


def _text_of(repository: Repository, blob_id: str | None, path: str) -> str | None:
    return None if blob_id is None else blob_text(repository, blob_id, path)


def _object_id(name: str) -> ObjectID:
    return ObjectID(name.encode())


def _name(object_id: ObjectID) -> str:
    return object_id.decode()
