"""One file of a package, downloaded with pip and never installed."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from development.terminal import SetupError


def download(what: Sequence[str], python: Path, folder: Path, otherwise: str) -> Path:
    """Return the file that pip downloads, without anything that it depends on.

    `what` is a pinned requirement with its options, `python` the interpreter whose pip is used,
    `folder` empty. Raises SetupError with pip's own complaint and what to do `otherwise`.
    """
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
    pip += ["--no-input", "--no-deps", f"--dest={folder}", *what]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    files = list(folder.iterdir())
    if done.returncode != 0 or len(files) != 1:
        complaint = done.stderr.strip().splitlines() or ["no message"]
        raise SetupError(
            f"pip could not download it ({complaint[-1].strip()}): check the package "
            f"index, or {otherwise}."
        )
    return files[0]
