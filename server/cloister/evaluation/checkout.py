"""A folder that holds one tree of a repository after the other, written from its objects.

Only what differs is written, and every file gets the time of the commit that brought it, so that
two replays see the same folder.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

Tree = Mapping[str, str]
"""The name of the blob of every regular file, by its path."""

_NS_PER_S = 1_000_000_000


class Checkout:
    """The folder; `read_blob` gives the bytes of a blob, None for one that is not there."""

    def __init__(self, folder: Path, read_blob: Callable[[str], bytes | None]) -> None:
        self.folder = folder
        self._read_blob = read_blob
        self._tree: Tree = {}
        self._n_moves = 0

    def move_to(self, tree: Tree, time_s: int) -> list[str]:
        """Bring the folder to `tree` as it was at `time_s`; returns the paths that changed."""
        kept = {path: blob for path, blob in tree.items() if _is_safe(path)}
        gone = [path for path in self._tree if path not in kept]
        written = [path for path, blob in kept.items() if self._tree.get(path) != blob]
        for path in gone:
            self._remove(path)
        # A repository may have two commits in one second.
        self._n_moves += 1
        for path in written:
            self._write(path, kept[path], time_s * _NS_PER_S + self._n_moves)
        self._tree = kept
        return sorted([*gone, *written])

    def _write(self, path: str, blob: str, mtime_ns: int) -> None:
        data, target = self._read_blob(blob), self.folder / path
        if data is None:
            return
        # Names that this file system cannot tell apart, or cannot have, are left out.
        with suppress(OSError):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
            os.utime(target, ns=(mtime_ns, mtime_ns))

    def _remove(self, path: str) -> None:
        target = self.folder / path
        with suppress(OSError):
            target.unlink()
            for folder in PurePosixPath(path).parents[:-1]:
                (self.folder / folder).rmdir()


def _is_safe(path: str) -> bool:
    """Return whether a path of a tree stays in the folder and out of its `.git`."""
    parts = path.lower().split("/")
    return "\\" not in path and not any(part in {"", ".", "..", ".git"} for part in parts)
