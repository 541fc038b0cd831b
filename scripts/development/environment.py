"""The virtual environment in `.venv`: Python packages, and llama.cpp compiled for this processor.

A stamp file, written last, holds what the environment was made from; while it matches, preparing
costs nothing.
"""

import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

from development.terminal import SetupError, say, show_progress, step

# No image support and no HTTPS: neither is used, and both take time to compile.
_LLAMA_OPTIONS = "-DGGML_NATIVE=ON -DLLAVA_BUILD=OFF -DLLAMA_OPENSSL=OFF"
_NINJA_COUNT = re.compile(r"\[(\d+)/(\d+)\]")


def prepare(root: Path) -> Path:
    """Return the environment's interpreter, building what is missing."""
    venv = root / ".venv"
    python = venv / "bin" / "python"
    stamp, wanted = venv / "cloister-stamp.json", _ingredients(root)
    if stamp.is_file() and python.exists() and json.loads(stamp.read_text()) == wanted:
        return python
    _require_compiler()
    stamp.unlink(missing_ok=True)
    if not _has_pip(python):
        with step("virtual environment in .venv"):
            _make_venv(venv)
    # Older ones do not know the dependency groups of pyproject.toml.
    _pip(python, "install", "--quiet", "--upgrade", "pip>=25.1")
    llama_version = _pinned_version(root, "llama-cpp-python")
    if not _is_installed(python, "llama_cpp_python", llama_version, wanted["processor"], venv):
        with step("llama.cpp, compiled for this processor (3 to 5 minutes on two cores)"):
            _build_llama(python, llama_version)
        (venv / "llama-processor").write_text(wanted["processor"])
    with step("Python packages (about half a minute)"):
        _pip(
            python,
            "install",
            "--quiet",
            "--editable",
            str(root),
            "--group",
            f"{root}/pyproject.toml:dev",
        )
    stamp.write_text(json.dumps(wanted))
    return python


def _ingredients(root: Path) -> dict[str, str]:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    packages = [
        project["project"]["dependencies"],
        project["project"]["scripts"],
        project["dependency-groups"],
    ]
    return {
        "python": sys.version,
        "packages": hashlib.sha256(json.dumps(packages).encode()).hexdigest(),
        "processor": _processor(),
        "folder": str(root),
    }


def _processor() -> str:
    """Return a hash of what the compiler optimises for, so that a moved checkout is rebuilt."""
    flags = ""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        found = re.search(r"^(?:flags|Features)\s*:\s*(.*)$", cpuinfo.read_text(), re.MULTILINE)
        flags = " ".join(sorted(found.group(1).split())) if found else ""
    return hashlib.sha256(f"{platform.machine()} {flags}".encode()).hexdigest()


def _require_compiler() -> None:
    missing = [
        title
        for title, commands in {
            "a C compiler": (os.environ.get("CC", ""), "cc", "gcc", "clang"),
            "a C++ compiler": (os.environ.get("CXX", ""), "c++", "g++", "clang++"),
        }.items()
        if not any(command and shutil.which(command) for command in commands)
    ]
    if missing:
        raise SetupError(
            f"{' and '.join(missing)} is missing; install one "
            "(Debian and Ubuntu: apt-get install build-essential; macOS: xcode-select --install) "
            "and run this again."
        )


def _make_venv(venv: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(venv)],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        shutil.rmtree(venv, ignore_errors=True)
        raise SetupError(
            "Python cannot make a virtual environment; install its venv module "
            "(Debian and Ubuntu: apt-get install python3-venv) and run this again."
        )


def _has_pip(python: Path) -> bool:
    """Return whether the interpreter is there and whole; an interrupted set-up starts again."""
    if not python.exists():
        return False
    command = [str(python), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _pinned_version(root: Path, name: str) -> str:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    pins = [word for word in project["project"]["dependencies"] if word.startswith(f"{name}==")]
    return pins[0].partition("==")[2]


def _is_installed(python: Path, package: str, version: str, processor: str, venv: Path) -> bool:
    built_for = venv / "llama-processor"
    folders = (venv / "lib").glob(f"python*/site-packages/{package}-{version}.dist-info")
    return (
        python.exists()
        and any(folders)
        and built_for.is_file()
        and built_for.read_text() == processor
    )


def _build_llama(python: Path, version: str) -> None:
    """Build and install llama-cpp-python from its source package, showing ninja's own count."""
    log = python.parents[1] / "llama-build.log"
    command = [
        str(python), "-m", "pip", "install", "--verbose", "--no-deps", "--force-reinstall",
        "--no-binary", "llama-cpp-python", f"llama-cpp-python=={version}",
        # pip would hand out a build it kept, made for another processor or with other options.
        "--no-cache-dir",
    ]  # fmt: skip
    environ = {**os.environ, "CMAKE_ARGS": os.environ.get("CMAKE_ARGS", _LLAMA_OPTIONS)}
    start = time.monotonic()
    with (
        log.open("w") as copy,
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environ,
            errors="replace",
        ) as process,
    ):
        for line in process.stdout or ():
            copy.write(line)
            if match := _NINJA_COUNT.search(line):
                show_progress("compiling", int(match[1]), int(match[2]), start)
    if process.returncode:
        last = "".join(log.read_text(errors="replace").splitlines(keepends=True)[-25:])
        say(last)
        raise SetupError(f"llama.cpp could not be built; the whole log is in {log}.")


def _pip(python: Path, *arguments: str) -> None:
    command = [str(python), "-m", "pip", "--disable-pip-version-check", *arguments]
    result = subprocess.run(command, check=False)
    if result.returncode:
        raise SetupError(
            "pip could not install the packages; check that the package index can be reached, "
            "then run this again."
        )
