"""Fixtures: a throw-away VS Code with the packed extension, and a server that plays a script."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from support import vscode
from support.vscode import Home
from support.vscode_program import CLOISTER, ScriptedProgram, write_scripted_program
from support.vscode_workbench import Workbench


@pytest.fixture(scope="session")
def extensions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    missing = vscode.find_missing_part()
    if missing is None and not CLOISTER.is_file():
        missing = f"the program {CLOISTER}"
    if missing is not None:
        reason = f"VS Code cannot be tested without {missing}: run `python3 scripts/dev.py test`"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return vscode.install_extension(tmp_path_factory.mktemp("vscode"))


@pytest.fixture
def home(tmp_path: Path, extensions: Path) -> Iterator[Home]:
    with vscode.make_home(tmp_path / "home", extensions) as home:
        yield home


@pytest.fixture
def workbench(home: Home) -> Iterator[Workbench]:
    with vscode.run_vscode(home) as workbench:
        yield workbench


@pytest.fixture
def scripted(home: Home) -> ScriptedProgram:
    program = write_scripted_program(home, home.folder / "bin" / "cloister")
    home.write_machine_settings({"cloister.path": str(program.path)})
    return program
