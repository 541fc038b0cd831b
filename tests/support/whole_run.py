"""Everything that an editor does in a session, in a repository that may not be left."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.lsp_client import RawClient

CLOISTER = str(Path(sys.executable).with_name("cloister"))
N_FILES = 500
TYPED = "listdir"
MARKER = "c4n4ry_in_the_code_theirs"
"""Stands in the code, in a comment and in a text, and must be found nowhere else."""

# Patient, so that a busy machine gives the same answers as an idle one.
_OPTIONS = {
    "engine": {"idleSeconds": 0},
    "completion": {"minConfidence": 0, "deadlineMs": 60_000},
}
_SOURCE = f"""import os
import sys


def main() -> None:
    # {MARKER} is a secret of this house.
    for name in os."""


FOLDERS = {
    "HOME": "home",
    "XDG_CACHE_HOME": "cache",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_RUNTIME_DIR": "run",
    "XDG_STATE_HOME": "state",
}


@contextmanager
def private_user(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give what is started a user's folders of its own, so that its engine is its own too."""
    # Not under pytest's own temporary directory: a socket's path may have 108 bytes.
    with tempfile.TemporaryDirectory(prefix="cl") as folder:
        for variable, name in FOLDERS.items():
            Path(folder, name).mkdir(mode=0o700)
            monkeypatch.setenv(variable, f"{folder}/{name}")
        yield Path(folder)


def write_project(folder: Path) -> None:
    """Write `N_FILES` modules and the file that says that nothing may leave this repository.

    None is like what is typed: what they say reaches the model sooner or later, and must not matter
    to the answers.
    """
    folder.mkdir()
    (folder / ".cloister.toml").write_text("version = 1\nlocal-only = true\n")
    for number in range(N_FILES - 1):
        package = folder / f"package_{number % 10}"
        package.mkdir(exist_ok=True)
        (package / f"module_{number}.py").write_text(
            f"def task_{number}(path: str) -> int:\n"
            f'    """Return what task {number} makes of a path."""\n'
            f"    return len(path) * {number}  # {MARKER}\n"
        )
    (folder / "main.py").write_text(_SOURCE)


async def whole_run(client: RawClient, folder: Path) -> list[Any]:
    """Open, type letter by letter, ask for actions, look at the status; return the answers."""
    uri = (folder / "main.py").as_uri()
    await client.initialize(
        initializationOptions=_OPTIONS,
        workspaceFolders=[{"uri": folder.as_uri(), "name": folder.name}],
    )
    client.open(uri, _SOURCE, 0)
    line, start = _SOURCE.count("\n"), len(_SOURCE) - _SOURCE.rfind("\n") - 1
    answers: list[Any] = []
    for version, letter in enumerate(TYPED, 1):
        client.insert(uri, version, line, start + version - 1, letter)
        answers.append(await client.completed(uri, line, start + version))
    place = {"line": line, "character": start}
    actions = {
        "textDocument": {"uri": uri},
        "range": {"start": place, "end": place},
        "context": {"diagnostics": []},
    }
    offered = await client.request("textDocument/codeAction", actions)
    answers.append([action["title"] for action in offered["result"] or ()])
    client.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
    told = await client.request("workspace/executeCommand", {"command": "cloister.status"})
    answers.append(told["result"]["isolation"])
    return answers
