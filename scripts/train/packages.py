"""Reads packages: wheels from PyPI and Git repositories, each with its licence and version."""

import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.parser import Parser
from pathlib import Path, PurePosixPath

from development.terminal import SetupError
from train.licences import licence_of_metadata, licence_of_text

_LICENCE_NAMES = ("license", "licence", "copying")
_MOST_FILE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Package:
    """A package or repository; `licence` is empty when it is not a permissive one."""

    name: str
    version: str
    licence: str
    archive: Path


def pypi_package(name: str, folder: Path) -> Package:
    """Return the newest wheel of a package, which pip downloads to `folder` once."""
    wheels = _wheels(name, folder)
    if not wheels:
        folder.mkdir(parents=True, exist_ok=True)
        options = ("--quiet", "--no-deps", "--only-binary", ":all:", "--dest", str(folder))
        command = [sys.executable, "-m", "pip", "download", *options, name]
        subprocess.run(command, check=False)
        wheels = _wheels(name, folder)
    if not wheels:
        raise SetupError(f"There is no wheel of {name}; take it out of sources.toml.")
    with zipfile.ZipFile(wheels[-1]) as wheel:
        paths = [path for path in wheel.namelist() if ".dist-info/" in path]
        metadata = Parser().parsestr(
            next(wheel.read(path) for path in paths if path.endswith("/METADATA")).decode()
        )
        licence = licence_of_metadata(
            metadata.get("License-Expression") or "",
            metadata.get_all("Classifier", []),
            metadata.get("License") or "",
        )
        if not licence and not metadata.get("License-Expression"):
            texts = (
                wheel.read(path).decode(errors="replace") for path in paths if _is_licence(path)
            )
            licence = licence_of_text(next(texts, ""))
    return Package(name, metadata["Version"], licence, wheels[-1])


def github_package(name: str, folder: Path) -> Package:
    """Return a repository that lies in `folder` as OWNER+NAME/repo, a bare one or a clone."""
    repository = folder / name.replace("/", "+") / "repo"
    if not repository.is_dir():
        raise SetupError(f"{repository} is missing; clone {name} there.")
    paths = _git(repository, "ls-tree", "--name-only", "HEAD").decode().split("\n")
    texts = [_git(repository, "show", f"HEAD:{path}").decode(errors="replace")
             for path in sorted(paths) if _is_licence(path)]  # fmt: skip
    found = [licence for text in texts if (licence := licence_of_text(text))]
    commit = _git(repository, "rev-parse", "HEAD").decode().strip()
    return Package(name, commit, found[0] if found else "", repository)


def files_of(package: Package) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of every file of a package that is not very large."""
    if package.archive.suffix == ".whl":
        with zipfile.ZipFile(package.archive) as wheel:
            for member in sorted(wheel.infolist(), key=lambda member: member.filename):
                is_code = member.filename.endswith((".py", ".pyi")) and not member.is_dir()
                if is_code and member.file_size <= _MOST_FILE_BYTES:
                    yield member.filename, wheel.read(member)
        return
    yield from _blobs(package.archive)


def _wheels(name: str, folder: Path) -> list[Path]:
    wanted = name.lower().replace("-", "_").replace(".", "_")
    return sorted(
        path
        for path in folder.glob("*.whl")
        if path.name.partition("-")[0].lower().replace(".", "_") == wanted
    )


def _blobs(repository: Path) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the files of a commit; a partial clone may lack some."""
    paths = {}
    for line in _git(repository, "ls-tree", "-r", "-l", "-z", "HEAD").decode().split("\0"):
        facts, _, path = line.partition("\t")
        if path and facts.split()[1] == "blob" and facts.split()[3].isdigit():
            paths[path] = facts.split()[2:4]
    wanted = {path: name for path, (name, size) in paths.items() if int(size) <= _MOST_FILE_BYTES}
    command = ["git", "-C", str(repository), "cat-file", "--batch"]
    names = "".join(f"{name}\n" for name in wanted.values())
    found = io.BytesIO(
        subprocess.run(command, input=names.encode(), capture_output=True, check=True).stdout
    )
    for path in wanted:
        header = found.readline().split()
        if header[-1] != b"missing":
            yield path, found.read(int(header[-1]))
            found.read(1)


def _is_licence(path: str) -> bool:
    return PurePosixPath(path).name.lower().startswith(_LICENCE_NAMES)


def _git(repository: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, capture_output=True, check=True).stdout
