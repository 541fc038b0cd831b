"""Model files in folders that other programs fill: named, sorted out and never touched.

Of a model that is split into parts the first stands for all of them, and llama.cpp finds the others
beside it, so paths are kept as they were found.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cloister.gguf.parts import part_of_name
from cloister.settings.user_folders import UserFolders

_SUFFIX = ".gguf"
# Publisher, repository and a folder for each quantisation are three levels below the top.
_MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A model file, by the name that people know it by."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A folder or file that may hold models and cannot be looked into."""

    path: Path
    reason: str


Finding = Found | Unreadable


def own_folder(folders: UserFolders) -> Path:
    """Return the folder of cloister's own models; it may not exist."""
    return folders.data / "cloister" / "models"


def find_models(folder: Path) -> Iterator[Finding]:
    """Yield the models in a folder and below."""
    for place in find_files(folder, _is_model):
        yield place if isinstance(place, Unreadable) else Found(model_name(place), place)


def find_files(folder: Path, is_wanted: Callable[[Path], bool]) -> Iterator[Path | Unreadable]:
    """Yield the wanted files in a folder and below, following links but none in a circle.

    A folder that does not exist holds none.
    """
    seen: set[str] = set()
    pending = [(folder, 0)]
    while pending:
        place, depth = pending.pop()
        real_place = os.path.realpath(place)
        if real_place in seen or depth > _MAX_DEPTH:
            continue
        seen.add(real_place)
        entries = folder_entries(place)
        if isinstance(entries, Unreadable):
            yield entries
            continue
        files = {path for path in entries if is_wanted(path)}
        yield from (path for path in entries if path in files)
        others = (path for path in reversed(entries) if path not in files)
        pending += [(path, depth + 1) for path in others if _is_folder(path)]


def folder_entries(folder: Path) -> list[Path] | Unreadable:
    """Return what lies in a folder, in order; nothing when it is not a folder."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        return Unreadable(folder, error.strerror or "unknown error")


def is_file(path: Path) -> bool:
    """Return whether there is a regular file; false also where one may not look."""
    return os.path.isfile(path)  # noqa: PTH113  # Path.is_file raises where one may not look


def model_name(path: Path) -> str:
    """Return a file's name without suffix and without the number of its part."""
    stem = path.name.removesuffix(_SUFFIX)
    part = part_of_name(stem)
    return part[0] if part else stem


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  # Path.is_dir raises where one may not look


def _is_model(path: Path) -> bool:
    """Return whether a file is a model of its own: no later part, and no model's eye or ear."""
    name = path.name.lower()
    if not name.endswith(_SUFFIX) or "mmproj" in name or name.startswith("incomplete"):
        return False
    part = part_of_name(name.removesuffix(_SUFFIX))
    return (part is None or part[1] == 1) and is_file(path)
