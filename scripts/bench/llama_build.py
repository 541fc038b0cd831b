"""llama.cpp's own programs, built from the very source that the installed wheel was built from.

Only then does a comparison say something about us and nothing about versions. Everything lies below
`.dev/llama.cpp/<version>`; a stamp that names the folder is written last, so that an interrupted
build, and one in a checkout that was moved, starts over.
"""

import importlib.metadata
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from development.terminal import SetupError, step

_PROGRAMS = ("llama-server", "llama-bench")
_OPTIONS = (
    "-DCMAKE_BUILD_TYPE=Release",
    "-DGGML_NATIVE=ON",
    "-DLLAMA_OPENSSL=OFF",
    "-DLLAMA_USE_PREBUILT_UI=OFF",
    "-DLLAMA_BUILD_TESTS=OFF",
    "-DLLAMA_BUILD_EXAMPLES=OFF",
    "-DLLAMA_BUILD_APP=OFF",
)


@dataclass(frozen=True, slots=True)
class LlamaPrograms:
    """Where llama.cpp's programs are."""

    server: Path
    bench: Path


def ensure_llama_programs(root: Path) -> LlamaPrograms:
    """Return llama.cpp's programs for the checkout `root`, building them the first time.

    Downloads the source package of llama-cpp-python (75 MB). Raises SetupError.
    """
    version = importlib.metadata.version("llama-cpp-python")
    folder = root / ".dev/llama.cpp" / version
    stamp, build = folder / "stamp", folder / "build"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != str(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with step("llama-server and llama-bench (about 5 minutes on two cores)"):
            _build(_unpack_source(folder, version), build)
        stamp.write_text(str(folder), encoding="utf-8")
    return LlamaPrograms(*(build / "bin" / name for name in _PROGRAMS))


def _unpack_source(folder: Path, version: str) -> Path:
    _pip("download", "--no-deps", "--no-binary=:all:", f"--dest={folder}",
         f"llama-cpp-python=={version}")  # fmt: skip
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    archive.unlink()
    return next(folder.glob("llama_cpp_python-*/vendor/llama.cpp"))


def _build(source: Path, build: Path) -> None:
    cmake, ninja = (_build_tool(name) for name in ("cmake", "ninja"))
    log = build.with_suffix(".log")
    configure = [cmake, "-S", source, "-B", build, "-G", "Ninja", f"-DCMAKE_MAKE_PROGRAM={ninja}"]
    with log.open("w") as output:
        for command in (
            [*configure, *_OPTIONS],
            [cmake, "--build", build, "--target", *_PROGRAMS],
        ):
            if subprocess.run(command, stdout=output, stderr=output, check=False).returncode:
                raise SetupError(f"llama.cpp could not be built; the whole log is in {log}.")


def _build_tool(name: str) -> Path:
    """Return the path of cmake or ninja, installed beside the interpreter where it is missing."""
    if found := shutil.which(name):
        return Path(found)
    installed = Path(sys.executable).with_name(name)
    if not installed.exists():
        _pip("install", name)
    return installed


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments, "--quiet"]
    if subprocess.run(command, check=False).returncode:
        raise SetupError(
            "pip could not fetch what the benchmark needs; check that the package index can be "
            "reached, then run this again."
        )
