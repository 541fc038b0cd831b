"""The files of a workspace as imports see them: asked by path, by name, and by the end of a path.

Paths are relative to the workspace's root and have slashes; the root is the empty path.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from functools import cached_property
from typing import Any, TypeVar

_Parsed = TypeVar("_Parsed")

_MOST_REMEMBERED = 20_000
_MAX_CONFIGURATION_CHARS = 256 * 1024


class Project:
    """A workspace's files, as they are when it is made.

    `read` returns a small text file of the workspace, None where there is none; it is asked once
    for each path, also for files that are not among `paths`.
    """

    def __init__(self, paths: Collection[str], read: Callable[[str], str | None]) -> None:
        self._paths = frozenset(paths)
        self._read = read
        self._configurations: dict[tuple[str, Callable[[str], Any]], Any] = {}
        self._remembered: dict[Hashable, tuple[str, ...]] = {}
        self._derived: dict[Callable[[Project], Any], Any] = {}

    def has(self, path: str) -> bool:
        """Return whether there is such a file."""
        return path in self._paths

    def has_folder(self, folder: str) -> bool:
        """Return whether there is a file somewhere below the folder."""
        return folder in self._folders

    def files_in(self, folder: str) -> Sequence[str]:
        """Return the files that lie directly in the folder, in alphabetical order."""
        return self._files_by_folder.get(folder, ())

    def files_ending_with(self, end: str) -> Iterator[str]:
        """Yield the files whose path is `end`, or ends with it as whole names; shortest first."""
        for path in self._files_by_name.get(end.rpartition("/")[2], ()):
            if _ends_with(path, end):
                yield path

    def folders_ending_with(self, end: str) -> Iterator[str]:
        """Yield the folders whose path is `end`, or ends with it as whole names; shortest first."""
        for folder in self._folders_by_name.get(end.rpartition("/")[2], ()):
            if _ends_with(folder, end):
                yield folder

    def configuration(self, path: str, parse: Callable[[str], _Parsed]) -> _Parsed | None:
        """Return what `parse` makes of a file, which is done once.

        None where there is none, and for one that is empty or too long to be written by hand.
        """
        key = (path, parse)
        if key not in self._configurations:
            text = self._read(path) or ""
            is_usable = 0 < len(text) <= _MAX_CONFIGURATION_CHARS
            self._configurations[key] = parse(text) if is_usable else None
        parsed: _Parsed | None = self._configurations[key]
        return parsed

    def has_read_any(self, paths: Collection[str]) -> bool:
        """Return whether an answer rests on what one of these files says, or that there is none."""
        return any(path in paths for path, _ in self._configurations)

    def derived(self, derive: Callable[["Project"], _Parsed]) -> _Parsed:
        """Return what `derive` makes of the project; it is done once."""
        if derive not in self._derived:
            self._derived[derive] = derive(self)
        result: _Parsed = self._derived[derive]
        return result

    def remembered(
        self, question: Hashable, answer: Callable[[], tuple[str, ...]]
    ) -> tuple[str, ...]:
        """Return the answer to a question about files; files in a folder ask the same ones."""
        if question not in self._remembered:
            if len(self._remembered) >= _MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[question] = answer()
        return self._remembered[question]

    @cached_property
    def folders(self) -> Sequence[str]:
        """Every folder that holds a file directly, in alphabetical order."""
        return sorted(self._files_by_folder)

    @cached_property
    def _files_by_folder(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self._paths):
            found[parent_of(path)].append(path)
        return dict(found)

    @cached_property
    def _files_by_name(self) -> dict[str, list[str]]:
        return _by_name(self._paths)

    @cached_property
    def _folders(self) -> frozenset[str]:
        return frozenset(folder for inner in self._files_by_folder for folder in ancestors(inner))

    @cached_property
    def _folders_by_name(self) -> dict[str, list[str]]:
        return _by_name(self._folders)


def parent_of(path: str) -> str:
    """Return the folder of a file or folder; that of the root is the root."""
    return path.rpartition("/")[0]


def inside(folder: str, name: str) -> str:
    """Return the path of a name in a folder."""
    return f"{folder}/{name}" if folder else name


def ancestors(folder: str) -> Iterator[str]:
    """Yield the folder, the one around it, and so on up to the root."""
    while folder:
        yield folder
        folder = parent_of(folder)
    yield ""


def joined(folder: str, relative: str) -> str | None:
    """Return the path that `relative` means in a folder; None when it leads out of the root."""
    parts = folder.split("/") if folder else []
    for part in relative.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def nearest_first(paths: Collection[str] | Iterator[str], origin: str) -> list[str]:
    """Return paths in order of how far they share the way to `origin`, then the shortest first."""
    here = origin.split("/")
    return sorted(paths, key=lambda path: (-_n_shared(path.split("/"), here), len(path), path))


def _n_shared(parts: list[str], others: list[str]) -> int:
    n_shared = 0
    for part, other in zip(parts, others, strict=False):
        if part != other:
            break
        n_shared += 1
    return n_shared


def _ends_with(path: str, end: str) -> bool:
    return path.endswith(end) and (len(path) == len(end) or path[-len(end) - 1] == "/")


def _by_name(paths: Collection[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(paths, key=lambda path: (len(path), path)):
        found[path.rpartition("/")[2]].append(path)
    return dict(found)
