"""Notices changes below the root, and is the only module here that knows watchfiles.

Only folders with files of the index are watched, each by itself: a repository has tens of thousands
of folders of dependencies that nobody indexes, and the kernel's watches are few. A new folder is
noticed in the one that it is made in.
"""

import os
from collections.abc import Collection, Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from watchfiles.main import FileChange

_QUIET_MS = 20
_MOST_TOGETHER_MS = 1000
_AT_ONCE_MS = 1


def folders_of(paths: Iterable[str]) -> set[str]:
    """Return the folders on the way to the files; the root is the empty one."""
    folders = {""}
    for folder in {path.rpartition("/")[0] for path in paths} - folders:
        folders.add(folder)
        folders.update(str(parent) for parent in PurePosixPath(folder).parents)
    return folders - {"."}


class Watch:
    """The changes since it began."""

    def __init__(self, root: Path, changes: "Iterator[set[FileChange]]") -> None:
        self._root = root
        self._changes = changes

    def changed(self) -> list[str]:
        """Return the paths that have changed since the last time, relative to the root.

        Raises OSError or RuntimeError when the system does not tell any more.
        """
        found = {path for _, path in next(self._changes, set())}
        relative = (os.path.relpath(path, self._root) for path in found)
        return sorted("" if path == "." else path for path in relative)


@contextmanager
def watching(root: Path, folders: Collection[str]) -> Generator[Watch, None, None]:
    """Watch the folders below the root; raises as `Watch.changed` does."""
    from watchfiles import watch

    real_root = Path(os.path.realpath(root))
    existing = [real_root / folder for folder in folders if (real_root / folder).is_dir()]
    changes = watch(
        *(existing or [real_root]),
        watch_filter=None,
        debounce=_MOST_TOGETHER_MS,
        step=_QUIET_MS,
        rust_timeout=_AT_ONCE_MS,
        yield_on_timeout=True,
        recursive=False,
        ignore_permission_denied=True,
    )
    with closing(changes):
        # The watch begins with the first look.
        next(changes)
        yield Watch(real_root, changes)
