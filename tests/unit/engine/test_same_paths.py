"""The engine gets few of the editor's variables, and must find the same paths nevertheless."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from cloister.engine.launch import _KEPT_VARIABLES
from cloister.engine.paths import engine_paths

PROGRAM = "from cloister.engine.paths import engine_paths; print(engine_paths())"


def found_by(environment: dict[str, str], directory: Path) -> str:
    imports = {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment | imports,
        cwd=directory,
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.mark.parametrize("name", ["TMPDIR", "TMP", "TEMP"])
@pytest.mark.parametrize("is_there", [True, False])
def test_whatever_names_the_temporary_directory(
    tmp_path: Path,
    name: str,
    is_there: bool,  # noqa: FBT001  # a case
) -> None:
    names = {"TMPDIR", "TMP", "TEMP", "XDG_RUNTIME_DIR"}
    bare = {key: value for key, value in os.environ.items() if key not in names}
    editors = bare | {name: str(tmp_path if is_there else tmp_path / "nowhere")}
    engines = {key: editors[key] for key in _KEPT_VARIABLES if key in editors}
    assert found_by(editors, tmp_path) == found_by(engines, Path("/"))


def test_a_user_without_a_home_keeps_the_log_beside_the_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(user: int) -> None:
        raise KeyError(user)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.delenv("HOME", raising=False)
    paths = engine_paths()
    assert paths.log.parent == paths.directory == tmp_path / "cloister"
