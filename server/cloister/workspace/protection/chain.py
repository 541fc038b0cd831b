"""The folders whose marks hold for a file: those above its path, and those above its real ones.

Nothing about repositories is asked: a mark holds for everything below it, past every `.git`.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_MOST_PARENTS = 1_000


@dataclass(frozen=True, slots=True)
class Holder:
    """A folder above a file; `rest` is the file's path within it, `canonical` has no links.

    The innermost is the path itself, which may be a folder: its own marks hold for it, and `rest`
    is empty then.
    """

    folder: str
    rest: str
    canonical: str


def holders_of(path: Path, real_paths: Sequence[str]) -> Iterator[Holder]:
    """Yield the path itself and every folder above it, then the same for its real paths.

    The file need not exist. Raises ValueError for a path that is not absolute, or has too many
    folders.
    """
    if not path.is_absolute():
        raise ValueError("the path is not absolute")
    link = str(path)
    is_real = list(real_paths) == [link]
    for folder, rest in upwards(link):
        # Each one by itself: what is a link below a folder says nothing about the folder.
        yield Holder(folder, rest, folder if is_real else os.path.realpath(folder))
    for real in real_paths:
        if real != link:
            for folder, rest in upwards(real):
                yield Holder(folder, rest, folder)


def upwards(path: str) -> Iterator[tuple[str, str]]:
    """Yield a path and every folder above it, each with the path's rest below it."""
    folder = path
    for _ in range(_MOST_PARENTS):
        yield folder, path[len(folder) :].lstrip(os.sep)
        outer = os.path.dirname(folder)  # noqa: PTH120  # fifty of these are asked for each request
        if outer == folder:
            return
        folder = outer
    raise ValueError("the path has too many folders")
