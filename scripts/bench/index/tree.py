"""A tree of source files in several languages, written by us: the same for equal arguments.

Folders hold 20 files of one language, which import from each other and from earlier folders. Sizes
spread as in real repositories: many small files, few large ones, 7 kB in the middle of the mass.
"""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.index.dialects import GO, JAVA, PYTHON, RUST, TYPESCRIPT, Dialect
from bench.index.module_text import module_text
from bench.index.vocabulary import Names, pascal, snake

# A tree that was written by an earlier version is none of ours.
_VERSION = 1
_FOLDER_FILES = 20
_PACKAGE_FOLDERS = 5
_DIALECTS = (PYTHON, TYPESCRIPT, GO, PYTHON, JAVA, TYPESCRIPT, PYTHON, RUST, GO, TYPESCRIPT)
_MOST_IMPORTS = 12
_MIDDLE_SIZE_LOG = 8.0
_SIZE_SPREAD = 1.25
_MOST_CHARS = 150_000
# Found by who resolves imports; and rules for ignoring files end at a repository's top.
_OTHER_FILES = {"go.mod": "module bench.example\n", ".git/description": "no repository\n"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file of the tree lies, and its language."""

    dialect: Dialect
    package: str
    folder: str
    stem: str
    type: str

    @property
    def path(self) -> str:
        """The path below the root."""
        return f"{self.package}/{self.folder}/{self.stem}{self.dialect.extension}"

    @property
    def facts(self) -> dict[str, str]:
        """What templates name of it."""
        return {
            "package": self.package,
            "folder": self.folder,
            "stem": self.stem,
            "type": self.type,
        }


def ensure_tree(parent: Path, n_files: int, seed: int = 0) -> Path:
    """Return the folder of the tree, which is written below `parent` unless it is there."""
    root = parent / f"tree-{_VERSION}-{n_files}-{seed}"
    if not root.is_dir():
        partial = root.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        for path, text in tree_files(n_files, seed):
            place = partial / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        partial.rename(root)
    return root


def tree_files(n_files: int, seed: int = 0) -> Iterator[tuple[str, str]]:
    """Yield path and text of every file: `n_files` of source, and a few that belong to them."""
    yield from _OTHER_FILES.items()
    for number in range(n_files):
        yield place_of(number, seed).path, _text_of(number, seed)


@cache
def place_of(number: int, seed: int) -> Place:
    """Return the place of a file of the tree."""
    folder = number // _FOLDER_FILES
    dialect = _DIALECTS[folder % len(_DIALECTS)]
    package = folder // _PACKAGE_FOLDERS
    words = _names("file", number, seed).words()
    name = pascal((*words, f"{number}"))
    return Place(
        dialect,
        f"{snake(_names('package', package, seed).words())}{package}",
        f"{_names('folder', folder, seed).words()[0]}{folder}",
        name if dialect is JAVA else snake((*words, f"{number}")),
        name,
    )


def _text_of(number: int, seed: int) -> str:
    generator = random.Random(f"text {number} {seed}")  # noqa: S311  # a repeatable file
    place = place_of(number, seed)
    n_chars = min(_MOST_CHARS, int(generator.lognormvariate(_MIDDLE_SIZE_LOG, _SIZE_SPREAD)))
    imports = [place_of(each, seed).facts for each in _imported(number, generator)]
    return module_text(place.dialect, place.facts, imports, n_chars, generator)


def _imported(number: int, generator: random.Random) -> list[int]:
    """Return files before this one in folders of its language."""
    folder = number // _FOLDER_FILES
    folders = range(folder % len(_DIALECTS), folder + 1, len(_DIALECTS))
    places = {
        generator.choice(folders) * _FOLDER_FILES + generator.randrange(_FOLDER_FILES)
        for _ in range(generator.randint(0, _MOST_IMPORTS))
    }
    return sorted(place for place in places if place < number)


def _names(kind: str, number: int, seed: int) -> Names:
    return Names(random.Random(f"{kind} {number} {seed}"))  # noqa: S311  # a repeatable name
