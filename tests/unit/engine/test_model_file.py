import hashlib
import os
import socket
from pathlib import Path

import pytest

from cloister.core.errors import ModelError
from cloister.engine.model_file import check_model_file, file_identity
from support.engine_process import MODEL, MODEL_SHA256


def refusal(path: Path, sha256: str | None = None) -> str:
    with pytest.raises(ModelError) as caught:
        check_model_file(path, sha256)
    message = str(caught.value)
    assert str(path) in message
    assert message.endswith((".", "!"))
    assert "\n" not in message
    return message


def test_the_bundled_model_is_sound_and_the_expected_one() -> None:
    assert check_model_file(MODEL, MODEL_SHA256).identity == file_identity(MODEL)


def test_every_block_of_a_hashed_file_is_a_sign_of_life() -> None:
    signs: list[None] = []
    check_model_file(MODEL, MODEL_SHA256, on_block=lambda: signs.append(None))
    assert len(signs) == -(-MODEL.stat().st_size // (1024 * 1024))


def test_a_missing_file(tmp_path: Path) -> None:
    assert "There is no model file" in refusal(tmp_path / "missing.gguf")
    assert file_identity(tmp_path / "missing.gguf") is None


def test_e02_a_directory(tmp_path: Path) -> None:
    assert "not a regular file" in refusal(tmp_path)


def test_e02_a_fifo_that_nobody_writes_to(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    os.mkfifo(path)
    assert "not a regular file" in refusal(path)


def test_an_endless_device() -> None:
    assert "not a regular file" in refusal(Path("/dev/zero"))


def test_e02_a_link_to_an_endless_device(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.symlink_to("/dev/zero")
    assert "not a regular file" in refusal(path)


def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("model.gguf")
        assert "cannot be opened" in refusal(tmp_path / "model.gguf")


def test_a_link_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.symlink_to(path)
    assert "cannot be opened" in refusal(path)


@pytest.mark.parametrize("content", [b"", b"GGUF", b"<!DOCTYPE html>", b"version https://git-lfs"])
def test_something_else(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(content)
    assert "is not a usable GGUF" in refusal(path)


def test_an_interrupted_download(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(MODEL.read_bytes()[:-1])
    assert "cut short" in refusal(path)


def test_e02_a_file_that_is_not_the_expected_one(tmp_path: Path) -> None:
    data = bytearray(MODEL.read_bytes())
    data[-1] ^= 1
    path = tmp_path / "model.gguf"
    path.write_bytes(data)
    assert "SHA-256 differs" in refusal(path, MODEL_SHA256)
    check_model_file(path, hashlib.sha256(data).hexdigest().upper())


def test_the_identity_changes_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"one")
    before = file_identity(path)
    (tmp_path / "new").write_bytes(b"two")
    (tmp_path / "new").replace(path)
    assert before is not None
    assert file_identity(path) != before
