"""The repository that a workspace lies in, opened for reading objects and nothing else.

A repository may come from anybody, so it decides as little as possible. Its configuration is read
for the format of its objects only: no includes, no hooks, no filters. Objects are taken from its
own folder only: alternates are not followed and missing objects are not fetched. A `.git` file,
which names a folder elsewhere, is believed when that folder says that it belongs here, as those of
worktrees and submodules do: a folder's owner can say so, who wrote the `.git` file cannot.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import NamedTuple, TypeVar

from dulwich.config import ConfigFile
from dulwich.object_store import BaseObjectStore, DiskObjectStore
from dulwich.objects import Commit, ObjectID, RawObjectID, ShaFile, Tree
from dulwich.refs import HEADREF, DiskRefsContainer

from cloister.workspace.files.regular import read_regular

_MAX_RECORD_BYTES = 256 * 1024
_MAX_LOOSE_OBJECT_BYTES = 64 * 1024 * 1024
_MOST_OBJECTS = 500_000
_MOST_PARENTS = 100
_NAMES_OF_NO_FILE = frozenset({"", ".", "..", ".git"})

_Kind = TypeVar("_Kind", bound=ShaFile)


class _OwnObjects(DiskObjectStore):
    """The objects in a repository's own folder.

    A few trees that hold each other many times over are a walk without end, so reading has one.
    """

    _n_read = 0

    @property
    def alternates(self) -> list[BaseObjectStore]:
        return []

    def __getitem__(self, sha1: ObjectID | RawObjectID) -> ShaFile:
        self._n_read += 1
        if self._n_read > _MOST_OBJECTS:
            raise KeyError(sha1)
        return super().__getitem__(sha1)


@dataclass(frozen=True, slots=True)
class Repository:
    """An open repository; belongs to one thread.

    `prefix` is the workspace's place in it, empty or with a slash at the end; `git_folder` holds
    HEAD and the index, `store` the objects.
    """

    top: Path
    prefix: bytes
    git_folder: Path
    refs: DiskRefsContainer
    store: DiskObjectStore


class _GitFolders(NamedTuple):
    """The folder of HEAD and the index, and that of objects and references."""

    own: Path
    common: Path


@contextmanager
def open_repository(root: Path) -> Iterator[Repository | None]:
    """Open the repository that holds `root`, or that `root` is; None when there is none to read.

    Its objects may have SHA-1 names only, and its references lie in files.
    """
    repository = _found(Path(os.path.realpath(root)))
    try:
        yield repository
    finally:
        if repository is not None:
            repository.store.close()


def working_tree_of(git_folder: Path) -> Path | None:
    """Return the top of the working tree whose HEAD and index lie in `git_folder`.

    None for a bare repository, and where the working tree does not say the same.
    """
    folder = Path(os.path.realpath(git_folder))
    top = folder.parent if folder.name == ".git" else _named_top(folder)
    if top is None or _is_same(top, folder):
        return None
    try:
        with open_repository(top) as repository:
            found = None if repository is None else (repository.top, repository.git_folder)
    except OSError:
        # No file can have such a name.
        return None
    return top if found is not None and all(map(_is_same, found, (top, folder))) else None


def head_commit(repository: Repository) -> Commit | None:
    """Return the commit that HEAD names now; None before the first one, or when it is damaged."""
    if not (repository.git_folder / "HEAD").is_file():
        return None
    try:
        commit_id = repository.refs[HEADREF]
    except Exception:  # noqa: BLE001  # damaged references fail in many ways
        return None
    return read_object(repository, commit_id, Commit)


def head_tree(repository: Repository) -> ObjectID | None:
    """Return the name of the tree of HEAD."""
    commit = head_commit(repository)
    return None if commit is None else commit.tree


def read_object(repository: Repository, object_id: ObjectID, kind: type[_Kind]) -> _Kind | None:
    """Return an object of one kind; None when it is missing, damaged or of another kind."""
    try:
        found = repository.store[object_id]
        if isinstance(found, Commit):
            _ = found.tree  # Objects are parsed when they are first used.
        elif isinstance(found, Tree):
            found.items()
    except Exception:  # noqa: BLE001  # damaged objects fail in many ways
        return None
    return found if isinstance(found, kind) else None


def path_in_workspace(repository: Repository, path: bytes) -> str | None:
    """Return a path of the repository as one of the workspace; None for any outside of it.

    A damaged tree may hold names that lead out of the folder that it is written to.
    """
    if not path.startswith(repository.prefix):
        return None
    try:
        inside = path[len(repository.prefix) :].decode()
    except UnicodeDecodeError:
        return None
    return None if _NAMES_OF_NO_FILE.intersection(inside.split("/")) or "\0" in inside else inside


def _found(root: Path) -> Repository | None:
    if (root / "HEAD").is_file() and (root / "refs").is_dir():
        return _opened(root, root, _GitFolders(root, root))
    for top in (root, *root.parents)[:_MOST_PARENTS]:
        if os.path.lexists(top / ".git"):
            folders = _git_folders(top)
            return None if folders is None else _opened(root, top, folders)
    return None


def _git_folders(top: Path) -> _GitFolders | None:
    """Return the folders that `.git` is or names; None when it is a link or not believed."""
    dot_git = top / ".git"
    if dot_git.is_symlink():
        return None
    if dot_git.is_dir():
        return _GitFolders(dot_git, dot_git)
    named = Path(os.path.realpath(top / _record(dot_git).removeprefix("gitdir:").strip()))
    worktree = _record(named / "gitdir").strip()
    if named.parent.name == "worktrees" and worktree and _is_same(named / worktree, dot_git):
        return _GitFolders(named, named.parents[1])
    submodule = _setting(named, "core", "worktree")
    return _GitFolders(named, named) if submodule and _is_same(named / submodule, top) else None


def _named_top(git_folder: Path) -> Path | None:
    """Return the working tree that a worktree's or a submodule's own folder names."""
    if worktree := _record(git_folder / "gitdir").strip():
        return Path(os.path.realpath(git_folder / worktree)).parent
    submodule = _setting(git_folder, "core", "worktree")
    return Path(os.path.realpath(git_folder / submodule)) if submodule else None


def _opened(root: Path, top: Path, folders: _GitFolders) -> Repository | None:
    objects = folders.common / "objects"
    if not objects.is_dir() or objects.is_symlink() or not _has_known_format(folders.common):
        return None
    place = root.relative_to(top).as_posix()
    return Repository(
        top=top,
        prefix=b"" if place == "." else os.fsencode(place) + b"/",
        git_folder=folders.own,
        refs=DiskRefsContainer(folders.common, folders.own),
        store=_OwnObjects(objects, loose_object_size_limit=_MAX_LOOSE_OBJECT_BYTES),
    )


def _has_known_format(common: Path) -> bool:
    return (
        _setting(common, "core", "repositoryformatversion") in ("", "0", "1")
        and _setting(common, "extensions", "objectformat") in ("", "sha1")
        and _setting(common, "extensions", "refstorage") in ("", "files")
    )


def _setting(git_folder: Path, section: str, name: str) -> str:
    data = _record(git_folder / "config").encode(errors="surrogateescape")
    try:
        config = ConfigFile.from_file(BytesIO(data), expand_includes=False)
        return config.get(section.encode(), name.encode()).decode(errors="surrogateescape")
    except (KeyError, ValueError):
        return ""


def _record(path: Path) -> str:
    try:
        # No path has a null character, and whoever resolves one with it raises ValueError.
        return os.fsdecode(read_regular(str(path), _MAX_RECORD_BYTES)[0]).replace("\0", "")
    except OSError:
        return ""


def _is_same(path: Path, other: Path) -> bool:
    return os.path.realpath(path) == os.path.realpath(other)
