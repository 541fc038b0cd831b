"""Builds the corpus: one line of JSON for each file, and a manifest of what it came from.

What is held out is read first, so that copies of it are found in what is trained on.
"""

import argparse
import hashlib
import json
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import TextIO

from cloister.syntax.languages import language_for_path
from train.cleaning import SeenLines, cleaned, is_wanted_path
from train.knobs import HOME, LANGUAGE_SHARES
from train.packages import Package, files_of, github_package, pypi_package

CORPUS, HELD_OUT, MANIFEST = "corpus.jsonl", "held-out.jsonl", "manifest.tsv"
TRAIN, TESTED, LEFT_OUT = "train", "tested", "left_out"
_SOURCES = Path(__file__).with_name("sources.toml")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to learn from or to be measured on; `path` begins with the package's own folders."""

    package: str
    path: str
    language: str
    part: str
    text: str


def read_files(path: Path) -> list[SourceFile]:
    """Return the files of a corpus."""
    with path.open(encoding="utf-8") as lines:
        return [SourceFile(**json.loads(line)) for line in lines]


def build(arguments: argparse.Namespace) -> int:
    """Write the corpus, what is held out, and the manifest."""
    sources = tomllib.loads(_SOURCES.read_text(encoding="utf-8"))
    seen = SeenLines()
    HOME.mkdir(parents=True, exist_ok=True)
    rows = ["part\tpackage\tversion\tlicence\tfiles\tbytes\tsha256"]
    with (HOME / CORPUS).open("w") as corpus, (HOME / HELD_OUT).open("w") as held_out:
        for part in (TESTED, LEFT_OUT, TRAIN):
            out = corpus if part == TRAIN else held_out
            for package in _packages(sources[part], arguments.repositories):
                row = _write(package, part, seen, out)
                rows.append("\t".join(map(str, row)))
                print(rows[-1], flush=True)
    (HOME / MANIFEST).write_text("\n".join(rows) + "\n", encoding="utf-8")
    return 0


def _packages(names: dict[str, list[str]], repositories: Path) -> Iterator[Package]:
    for name in names["pypi"]:
        yield pypi_package(name, HOME / "wheels")
    for name in names["github"]:
        yield github_package(name, repositories)


def _write(package: Package, part: str, seen: SeenLines, out: TextIO) -> tuple[object, ...]:
    """Write what is wanted of a package; returns its row of the manifest."""
    n_files, n_bytes, digest = 0, 0, hashlib.sha256()
    for path, raw in files_of(package) if package.licence or part != TRAIN else ():
        language = language_for_path(PurePosixPath(path))
        if language is None or language.name not in LANGUAGE_SHARES or not is_wanted_path(path):
            continue
        text = cleaned(raw)
        if text is None or seen.is_copy(text):
            continue
        file = SourceFile(package.name, path, language.name, part, text)
        out.write(json.dumps(asdict(file)) + "\n")
        n_files, n_bytes = n_files + 1, n_bytes + len(text.encode())
        digest.update(text.encode())
    licence = package.licence or "NOT PERMISSIVE OR UNCLEAR"
    return part, package.name, package.version, licence, n_files, n_bytes, digest.hexdigest()
