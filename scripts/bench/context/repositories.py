"""Which repositories are measured, what for, and where they lie."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from development.terminal import SetupError

PARTS = ("tuning", "reporting")


@dataclass(frozen=True, slots=True)
class KnownRepository:
    """A repository of a list: `name` is OWNER/NAME, `part` is one of PARTS."""

    name: str
    language: str
    part: str


def read_list(path: Path) -> list[KnownRepository]:
    """Return the repositories of a TOML file; SetupError for a file that is none."""
    try:
        parts = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SetupError(f"{path} cannot be read as TOML: {error}.") from error
    return [
        KnownRepository(name, language, part)
        for part in PARTS
        for language, names in parts.get(part, {}).items()
        for name in names
    ]


def folder_of(repository: KnownRepository, parent: Path) -> Path | None:
    """Return where a repository lies below `parent`, as a clone or a bare one; None if nowhere."""
    return next((folder for folder in _candidates(repository, parent) if folder.is_dir()), None)


def _candidates(repository: KnownRepository, parent: Path) -> Iterator[Path]:
    for folder in (parent / repository.name.replace("/", "+"), parent / repository.name):
        yield folder / "repo"
        yield folder
