"""What the whole suite needs beside Python: real editors, a browser, strace, vocabularies, a model.

Each part is fetched into `.dev/` (or installed by apt where only that works, as root); a part that
cannot be had is named, never silently left out.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from development import instruct_model, neovim, vocabularies, vscode
from development.terminal import SetupError, step


@dataclass
class Parts:
    """Environment variables for the tests, and why each missing part is missing."""

    variables: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)


def provide(root: Path, python: Path) -> Parts:
    """Return the parts, fetching what is missing."""
    parts = Parts()
    _add(parts, "strace", "CLOISTER_STRACE", _strace)
    _add(
        parts, "Neovim 0.12", "CLOISTER_NVIM_0_12", lambda: neovim.ensure_neovim_0_12(root, python)
    )
    _add(
        parts, "Neovim 0.11", "CLOISTER_NVIM_0_11", lambda: neovim.ensure_neovim_0_11(root, python)
    )
    _add(
        parts, "Neovim 0.10", "CLOISTER_NVIM_0_10", lambda: neovim.ensure_neovim_0_10(root, python)
    )
    _add(parts, "VS Code", "", lambda: _vscode(root))
    _add(
        parts,
        "vocabularies",
        "CLOISTER_VOCABULARIES",
        lambda: vocabularies.ensure_vocabularies(root, python),
    )
    _add(
        parts,
        "a model that follows instructions",
        "CLOISTER_INSTRUCT_MODEL",
        lambda: instruct_model.ensure_instruct_model(root, python),
    )
    return parts


def _add(parts: Parts, name: str, variable: str, ensure: Callable[[], Path]) -> None:
    with step(name):
        try:
            path = ensure()
        except SetupError as error:
            parts.missing[name] = str(error)
        else:
            if variable:
                parts.variables[variable] = str(path)


def _vscode(root: Path) -> Path:
    vscode.ensure_chromium(root)
    vscode.ensure_code_server(root)
    vscode.ensure_driver(root)
    return vscode.ensure_extension(root)


def _strace() -> Path:
    if (found := shutil.which("strace")) is None and os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "strace"], check=False
        )
        found = shutil.which("strace")
    if found is None:
        raise SetupError("install it (Debian and Ubuntu: apt-get install strace).")
    return Path(found)
